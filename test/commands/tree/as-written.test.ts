import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import { describe, expect } from "vitest";
import { appProject, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";
import { ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { isRedisMissing, startRedis } from "../../loopback/redis-server.js";
import { installArgo, installFlux, run, stock } from "../check/scene.js";
import { configMap, labels, operatorCrds, prepareRedis, ready, shop, workload } from "./scene.js";

const schema = JSON.parse(readFileSync("schemas/tree.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(schema);

/** What `flamingo loopback --once` writes for some Applications. */
async function written(cluster: TestCluster, applications: readonly string[]): Promise<string[]> {
  const redis = await startRedis();
  const client = redis.client();
  await prepareRedis(client);
  const { exitCode, stderr } = await run(cluster, `loopback --once --redis 127.0.0.1:${redis.port}`);
  expect({ exitCode, stderr: stderr.replace(/^✔.*\n/gm, "") }).toEqual({ exitCode: 0, stderr: "" });
  const values = applications.map((name) => client.getBuffer(`app|resources-tree|${name}|1.8.3.gz`));
  return (await Promise.all(values)).map((value) => gunzipSync(value ?? Buffer.alloc(0)).toString());
}

/** Flux has applied an object, a person has changed it, and what Flux does next fails with it. */
async function disturb(cluster: TestCluster): Promise<void> {
  const { apiVersion, kind, metadata } = configMap("shop/settings");
  const path = "/api/v1/namespaces/shop/configmaps/settings";
  const applied = { apiVersion, kind, metadata: { ...metadata, labels }, data: { a: "1" } };
  await cluster.request("PATCH", `${path}?fieldManager=kustomize-controller&force=true`, applied, {
    "content-type": "application/apply-patch+yaml",
  });
  const edit = { "content-type": "application/merge-patch+json" };
  await cluster.request("PATCH", `${path}?fieldManager=kubectl-edit`, { data: { a: "2" } }, edit);
  const web = workload(true);
  const message = "ConfigMap/shop/settings dry-run failed: data is invalid";
  await cluster.apply({
    ...web,
    status: {
      ...(web["status"] as object),
      conditions: [{ ...ready, status: "False", reason: "ReconciliationFailed", message }],
      history: [
        {
          digest: "sha256:1",
          lastReconciled: "2026-01-01T00:00:00Z",
          lastReconciledStatus: "ReconciliationSucceeded",
        },
      ],
    },
  });
}

/** What Flux does next waits for one that waits for one that is not there. */
async function keepWaiting(cluster: TestCluster): Promise<void> {
  const waiting = (name: string) => ({
    observedGeneration: 9,
    conditions: [
      {
        ...ready,
        status: "False",
        reason: "DependencyNotReady",
        message: `dependency 'shop/${name}' is not ready`,
      },
    ],
  });
  const dependsOn = (name: string) => ({ dependsOn: [{ name }] });
  const web = workload(true);
  await cluster.apply<TestObject>({
    ...web,
    spec: { ...(web["spec"] as object), ...dependsOn("base") },
    status: { ...(web["status"] as object), ...waiting("base") },
  });
  await cluster.apply<TestObject>({ ...ks("shop/base", dependsOn("crds")), status: waiting("crds") });
}

const shopTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, stock);
  await cluster.installCrds(operatorCrds);
  await shop(cluster, { custom: true });
  await cluster.applyAll<TestObject>([
    appProject("narrow", { namespaceResourceBlacklist: [{ group: "db.example", kind: "Backup" }] }),
    generated(ks("shop/web"), { name: "narrow", project: "narrow" }),
    generated(ks("shop/never")),
  ]);
});

describe.skipIf(isRedisMissing())("tree -o json", () => {
  shopTest("is what the engine writes, byte for byte", async ({ cluster }) => {
    const names = ["web", "narrow", "never"];
    const whole = await written(cluster, names);
    for (const [place, name] of names.entries()) {
      const { exitCode, stdout } = await run(cluster, `tree ${name} -o json`);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${whole[place]}\n` });
      expect(validate(JSON.parse(stdout)) || validate.errors).toBe(true);
    }
    expect((await run(cluster, "tree ks/web -n shop -o json")).stdout).toBe(`${whole[0]}\n`);
    expect(whole[0]).toContain('"Backup"');
    expect(whole[1]).not.toContain('"Backup"');
  });

  shopTest("also of what somebody has changed, and Flux fails with", async ({ cluster }) => {
    await disturb(cluster);
    const [tree] = await written(cluster, ["web"]);
    expect(tree).toContain("kubectl-edit");
    expect(tree).toContain("data is invalid");
    for (const subject of ["web", "ks/web -n shop"])
      expect((await run(cluster, `tree ${subject} -o json`)).stdout).toBe(`${tree}\n`);
  });

  shopTest("also of one that waits, which is said beside the drawing", async ({ cluster }) => {
    await keepWaiting(cluster);
    const [tree] = await written(cluster, ["web"]);
    expect(tree).toContain(
      '{"name":"Waits for","value":"Kustomization base in shop → Kustomization crds in shop"}',
    );
    expect(await run(cluster, "tree web -o json")).toEqual({
      exitCode: 0,
      stdout: `${tree}\n`,
      stderr:
        "⚠ Kustomization web in shop waits for Kustomization base in shop, " +
        "which waits for Kustomization crds in shop, which does not exist\n",
    });
  });
});
