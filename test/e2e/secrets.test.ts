import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { setData } from "./argocd-settings.js";
import { loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import { type Hidden, hiddenInSecrets, leaksIn, redisTexts } from "./leaks.js";
import { run, served } from "./run.js";
import { deployment, flux, release } from "./workloads.js";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** A word that is nowhere else. */
const marker = (what: string) => `${what}-${randomBytes(12).toString("hex")}`;

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

function secret(name: string, rest: object): string {
  return JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name }, ...rest });
}

describe("no value of a Secret", () => {
  e2eTest("gets into redis, Applications, Events, output or metrics", async ({ rig }) => {
    const unseen = {
      masked: marker("masked"),
      applied: marker("applied"),
      before: marker("before"),
      broken: marker("broken"),
      wrong: `not-base64-${marker("wrong")}`,
    };
    const sensitive = "example.org/masked";
    const [kustomization] = await Promise.all([
      flux(rig, "sec-ks", {
        "app/deployment.yaml": deployment("web"),
        "app/kustomization.yaml": `resources: [deployment.yaml, secrets.yaml]
secretGenerator:
  - name: generated
    literals: [password=${marker("generated")}]
`,
        "app/secrets.yaml": [
          secret("plain", { data: { password: base64(marker("data")) } }),
          secret("text", { stringData: { password: `"\\${marker("text")}"` } }),
          secret("binary", {
            data: { blob: base64(Buffer.concat([randomBytes(41), Buffer.from(marker("binary"))])) },
          }),
          secret("immutable", { immutable: true, data: { password: base64(marker("immutable")) } }),
          secret("login", {
            type: "kubernetes.io/basic-auth",
            stringData: { username: marker("user"), password: marker("password") },
          }),
          secret("registry", {
            type: "kubernetes.io/dockerconfigjson",
            stringData: {
              ".dockerconfigjson": JSON.stringify({ auths: { r: { auth: marker("registry") } } }),
            },
          }),
          secret("annotated", {
            metadata: { name: "annotated" },
            data: { password: base64(marker("annotated")) },
          }),
          secret("broken", { metadata: { name: "broken" }, data: { password: base64(marker("annotated")) } }),
          JSON.stringify({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "robot" } }),
          secret("robot-token", {
            metadata: { name: "robot-token", annotations: { "kubernetes.io/service-account.name": "robot" } },
            type: "kubernetes.io/service-account-token",
          }),
        ].join("\n---\n"),
      }),
      release(
        rig,
        "sec-hr",
        { install: { disableWait: true } },
        {
          "charts/web/templates/secret.yaml": secret("of-chart", {
            stringData: { password: marker("chart") },
          }),
        },
      ),
    ]);
    await setData(rig, "argocd-cm", { "resource.sensitive.mask.annotations": sensitive });
    // what kubectl apply would leave there, whatever it is
    const { namespace } = kustomization;
    await annotate(rig, namespace, "annotated", {
      [sensitive]: unseen.masked,
      [lastApplied]: secret("annotated", {
        data: { password: base64(unseen.before) },
        stringData: { password: unseen.applied },
      }),
    });
    await annotate(rig, namespace, "broken", {
      [lastApplied]: `{"stringData":{"password":"${unseen.broken}"`,
    });
    await run(rig, `generate-app ks/web -n sec-ks --app-name sec-ks`);
    await run(rig, `generate-app hr/web -n sec-hr --app-name sec-hr`);
    const { said, stop } = await loopbackAsDocumented(
      rig,
      `--redis ${rig.redis.address} --verbose -o json --listen 127.0.0.1:0`,
    );
    for (const name of ["sec-ks", "sec-hr"])
      await expect.poll(() => served(rig, name)).toMatchObject({ status: { sync: { status: "Synced" } } });
    const hidden: Hidden[] = [
      ...(await hiddenInSecrets(rig)),
      ...Object.entries(unseen).map(([where, value]) => ({ where, value: Buffer.from(value) })),
    ];
    const places = hidden.map(({ where }) => where);
    expect(places).toEqual(
      expect.arrayContaining([
        "argocd/argocd-redis auth",
        "argocd/argocd-secret server.secretkey",
        "sec-hr/sh.helm.release.v1.web.v1 release",
        "sec-ks/robot-token token",
      ]),
    );
    // the search does find what there is
    const secrets = new Map([["Secrets", JSON.stringify(await rig.cluster.list("v1", "Secret"))]]);
    const planted = places.filter((where) => where !== "wrong");
    expect(leaksIn(secrets, hidden)).toEqual(planted.map((where) => `${where} in Secrets`));

    const texts = await redisTexts(rig);
    const diff = [...texts].find(([key]) => key.includes("app|managed-resources|sec-ks|"))?.[1] ?? "";
    for (const name of ["plain", "text", "binary", "annotated", "broken", "generated-", "robot-token"])
      expect(diff).toContain(`"kind":"Secret","namespace":"sec-ks","name":"${name}`);
    expect(annotationsIn(diff, "annotated")).toEqual({
      [sensitive]: "++++++++",
      [lastApplied]: expect.stringContaining('"data":{"password":"++++++++"}'),
    });
    expect(annotationsIn(diff, "broken")).toEqual({ [lastApplied]: "++++++++" });
    for (const name of ["plain", "annotated", "broken"]) {
      const path = `/api/v1/applications/sec-ks/resource?namespace=sec-ks&resourceName=${name}&version=v1&kind=Secret`;
      const { status, body } = await rig.argocd().request("GET", path);
      expect(status).toBe(200);
      texts.set(`live ${name}`, JSON.stringify(body));
    }

    // without an inventory what belongs to the release stands in Helm's storage only, where a Flux before 2.8 has it
    await dropInventory(rig, "sec-hr");
    await expect.poll(() => served(rig, "sec-hr")).toMatchObject({ status: { resources: [{}] } });
    // Flux says what is wrong with a Secret
    await kustomization.push({
      "app/secrets.yaml": secret("wrong", { data: { password: unseen.wrong } }),
    });
    expect(await rig.argocd().cli("app", "sync", "sec-ks", "--timeout", "60")).toMatchObject({ exitCode: 1 });
    expect(await served(rig, "sec-ks")).toMatchObject({
      status: { operationState: { message: expect.stringContaining("Secret/sec-ks/wrong") } },
    });

    expect(said()).not.toContain("/secrets/sh.helm.release.v1.");

    for (const [key, text] of await redisTexts(rig)) texts.set(`${key} later`, text);
    const address = /metrics on (\S+)/.exec(said())?.[1];
    for (const path of ["metrics", "healthz"])
      texts.set(path, await (await fetch(`${address}/${path}`)).text());
    for (const kind of ["Application", "AppProject"])
      texts.set(kind, JSON.stringify(await rig.cluster.list("argoproj.io/v1alpha1", kind)));
    texts.set("Event", JSON.stringify(await rig.cluster.list("v1", "Event")));
    expect(texts.get("metrics")).toContain("flamingo_loopback_unread_kinds 0");
    const { stdout, stderr } = await stop();
    texts.set("stdout", stdout);
    texts.set("stderr", stderr);
    const once = await run(rig, "loopback --once --dry-run -o json --verbose");
    texts.set("dry run", once.stdout + once.stderr);
    for (const text of [stdout, once.stdout]) expect(text).toContain("sec-ks");
    expect(leaksIn(texts, hidden)).toEqual([]);
  });
});

function annotationsIn(diff: string, name: string): unknown {
  const items = JSON.parse(diff) as { name: string; liveState: string }[];
  const live = JSON.parse(items.find((item) => item.name === name)?.liveState ?? "{}");
  return live.metadata?.annotations;
}

async function annotate(
  rig: Rig,
  namespace: string,
  name: string,
  annotations: Record<string, string>,
): Promise<void> {
  await rig.cluster.change(
    { apiVersion: "v1", kind: "Secret", metadata: { name, namespace } },
    { metadata: { annotations } },
  );
}

async function dropInventory(rig: Rig, namespace: string): Promise<void> {
  const path = `/apis/helm.toolkit.fluxcd.io/v2/namespaces/${namespace}/helmreleases/web/status`;
  const headers = { "content-type": "application/merge-patch+json" };
  const { status } = await rig.cluster.request("PATCH", path, { status: { inventory: null } }, headers);
  expect(status).toBe(200);
}
