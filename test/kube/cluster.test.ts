import { describe, expect } from "vitest";
import { openKube } from "../../src/kube/cluster.js";
import { isConflict, isForbidden } from "../../src/kube/failure.js";
import { ConfigMap, CustomResourceDefinition, Secret } from "../../src/kube/kinds.js";
import type { Kind, KubeObject } from "../../src/kube/object.js";
import { clusterTest, fluxMinor, ownClusterTest } from "../cluster/cluster.js";
import { asOlderServer } from "../cluster/proxy.js";
import { collect } from "./collect.js";
import { kubeFor, proxyFor, transportFor } from "./kube-for.js";

interface KustomizationObject extends KubeObject {
  spec: { path?: string; prune?: boolean };
}

const kustomize = "kustomize.toolkit.fluxcd.io";
const Kustomization: Kind<KustomizationObject> = {
  group: kustomize,
  kind: "Kustomization",
  plural: "kustomizations",
};
const flux = (kind: string, group: string): Kind => ({ group, kind, plural: `${kind.toLowerCase()}s` });
const NotServed: Kind = { group: "nobody.example", kind: "Nothing", plural: "nothings" };
const by = { fieldManager: "flamingo" };

async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  return (await collect(pages)).flat();
}

const names = (objects: KubeObject[]) => objects.map(({ metadata }) => metadata.name);

const configMap = (namespace: string, name: string, more = {}): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace, ...more },
});

const kustomization = (namespace: string, name: string, spec = {}): KustomizationObject => ({
  apiVersion: `${kustomize}/v1`,
  kind: "Kustomization",
  metadata: { name, namespace },
  spec,
});

describe("find", () => {
  clusterTest("of a Secret its metadata alone", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-find-metadata");
    const metadata = { namespace, name: "credentials" };
    await cluster.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      data: { password: "c2VjcmV0" },
    } as KubeObject);
    const found = await kubeFor(cluster).find(Secret, metadata, { metadataOnly: true });
    expect(found).toMatchObject({ apiVersion: "v1", kind: "Secret", metadata });
    expect(found).not.toHaveProperty("data");
  });

  clusterTest("an object, a missing one, one in a missing namespace", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-find");
    await cluster.apply(kustomization(namespace, "podinfo", { path: "./a" }));
    const kube = kubeFor(cluster);
    expect(await kube.find(Kustomization, { namespace, name: "podinfo" })).toMatchObject({
      apiVersion: `${kustomize}/v1`,
      spec: { path: "./a" },
    });
    expect(await kube.find(Kustomization, { namespace, name: "other" })).toBeUndefined();
    expect(await kube.find(Kustomization, { namespace: "kube-nowhere", name: "podinfo" })).toBeUndefined();
    expect(await kube.find(ConfigMap, { namespace, name: "other" })).toBeUndefined();
  });

  clusterTest("a name with signs that mean something in URLs", async ({ cluster }) => {
    expect(
      await kubeFor(cluster).find(ConfigMap, { namespace: "default", name: "no path?x=1#y" }),
    ).toBeUndefined();
  });

  clusterTest("a kind that is not served", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    expect(await kube.servedVersion(NotServed)).toBeUndefined();
    expect(await kube.find(NotServed, { namespace: "default", name: "a" })).toBeUndefined();
    expect(await all(kube.list(NotServed))).toEqual([]);
  });

  clusterTest("a version that is not served is no missing object", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    const expected = {
      message: expect.stringMatching(/^Cannot read Nothing a in default: .* does not serve nothings\.nobody/),
      exitCode: 6,
    };
    const fixed = { ...NotServed, version: "v1" };
    await expect(kube.find(fixed, { namespace: "default", name: "a" })).rejects.toMatchObject(expected);
    const old = { ...Kustomization, version: "v1alpha1" };
    await expect(kube.find(old, { namespace: "default", name: "a" })).rejects.toMatchObject({ exitCode: 6 });
    await expect(all(kube.list(fixed))).rejects.toMatchObject({ exitCode: 6 });
  });

  clusterTest("one round trip before the object itself", async ({ cluster }) => {
    const proxy = await proxyFor(cluster);
    const kube = kubeFor(cluster, { server: proxy.server });
    await kube.find(Kustomization, { namespace: "default", name: "a" });
    await kube.find(ConfigMap, { namespace: "default", name: "a" });
    expect(proxy.requests.map(({ path }) => path)).toEqual([
      "/apis",
      `/apis/${kustomize}/v1/namespaces/default/kustomizations/a`,
      "/api/v1/namespaces/default/configmaps/a",
    ]);
    expect(proxy.connections).toBe(1);
  });
});

describe("list", () => {
  clusterTest("1,201 objects in three pages, complete and in order", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-list-many");
    const wanted = Array.from({ length: 1201 }, (_, index) => `cm-${String(index).padStart(4, "0")}`);
    await cluster.applyAll(wanted.map((name) => configMap(namespace, name)));
    const proxy = await proxyFor(cluster);
    const kube = kubeFor(cluster, { server: proxy.server });
    const pages = await collect(kube.list(ConfigMap, { namespace }));
    expect(pages.map((page) => page.length)).toEqual([500, 500, 201]);
    expect(names(pages.flat())).toEqual(wanted);
    expect(pages.flat().every((item) => item.apiVersion === "v1" && item.kind === "ConfigMap")).toBe(true);
    expect(proxy.requests.map(({ query }) => query.get("limit"))).toEqual(["500", "500", "500"]);
    expect(proxy.maxInFlight).toBe(1);
  });

  clusterTest("by label, by name in whatever namespace, in one namespace", async ({ cluster }) => {
    const [a, b] = [
      await cluster.createNamespace("kube-list-a"),
      await cluster.createNamespace("kube-list-b"),
    ];
    await cluster.applyAll([
      configMap(a, "kube-list-one", { labels: { team: "kube-list-x" } }),
      configMap(b, "kube-list-one", { labels: { team: "kube-list-y" } }),
      configMap(b, "kube-list-two", { labels: { team: "kube-list-x" } }),
    ]);
    const kube = kubeFor(cluster);
    const place = (objects: KubeObject[]) =>
      objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(place(await all(kube.list(ConfigMap, { labels: "team in (kube-list-x)" })))).toEqual([
      "kube-list-a/kube-list-one",
      "kube-list-b/kube-list-two",
    ]);
    expect(place(await all(kube.list(ConfigMap, { name: "kube-list-one" })))).toEqual([
      "kube-list-a/kube-list-one",
      "kube-list-b/kube-list-one",
    ]);
    expect(place(await all(kube.list(ConfigMap, { namespace: b, labels: "team=kube-list-x" })))).toEqual([
      "kube-list-b/kube-list-two",
    ]);
    expect(await all(kube.list(ConfigMap, { namespace: "kube-nowhere" }))).toEqual([]);
  });

  clusterTest("metadata alone: no data of Secrets comes over the wire", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-list-metadata");
    await cluster.apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a", namespace, labels: { team: "x" } },
      stringData: { password: "hunter2" },
    } as KubeObject);
    await cluster.apply(kustomization(namespace, "podinfo", { path: "./a" }));
    const kube = kubeFor(cluster);
    const [secret] = await all(kube.list(Secret, { namespace, metadataOnly: true }));
    expect(secret).toMatchObject({ apiVersion: "v1", kind: "Secret", metadata: { labels: { team: "x" } } });
    expect(Object.keys(secret ?? {}).sort()).toEqual(["apiVersion", "kind", "metadata"]);
    const [custom] = await all(kube.list(Kustomization, { namespace, metadataOnly: true }));
    expect(custom).toMatchObject({ apiVersion: `${kustomize}/v1`, kind: "Kustomization" });
    expect(custom?.spec).toBeUndefined();
    expect(await all(kube.list(Kustomization, { namespace: "kube-nowhere", metadataOnly: true }))).toEqual(
      [],
    );
  });

  clusterTest("cut short once it is read again, and nothing is there twice", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-list-cut");
    await cluster.applyAll([configMap(namespace, "a"), configMap(namespace, "b")]);
    let cuts = 1;
    const proxy = await proxyFor(cluster, () => (cuts-- > 0 ? { truncateAfterBytes: 60 } : "pass"));
    const kube = kubeFor(cluster, { server: proxy.server });
    expect(names(await all(kube.list(ConfigMap, { namespace })))).toEqual(["a", "b"]);
  });

  for (const labels of ["a in b", "a=b=c", "-a=b", "a=b c"]) {
    clusterTest(`the label selector ${labels} cannot be read`, async ({ cluster }) => {
      await expect(collect(kubeFor(cluster).list(ConfigMap, { labels }))).rejects.toMatchObject({
        message: expect.stringMatching(/^Cannot list ConfigMaps: the label selector is wrong: /),
        hint: "Write it as in app=podinfo,tier!=cache or as in 'tier in (web,api)'",
        exitCode: 2,
      });
    });
  }
});

const kinds: [Kind, string | undefined][] = [
  [Kustomization, "v1"],
  [flux("HelmRelease", "helm.toolkit.fluxcd.io"), "v2"],
  [flux("HelmChart", "source.toolkit.fluxcd.io"), "v1"],
  [flux("Bucket", "source.toolkit.fluxcd.io"), "v1beta2"],
  [flux("ExternalArtifact", "source.toolkit.fluxcd.io"), undefined],
  [{ group: "", kind: "ConfigMap", plural: "configmaps" }, "v1"],
  [{ group: "apps", kind: "Deployment", plural: "deployments" }, "v1"],
  [{ group: "apps", kind: "Deployment", plural: "deployments", version: "v1" }, "v1"],
];

describe("versions where a group serves its kinds in several", () => {
  const flux23Test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.3")));

  for (const [way, fate] of [
    ["aggregated", () => "pass" as const],
    ["legacy", asOlderServer],
  ] as const) {
    flux23Test(`by ${way} discovery`, async ({ cluster }) => {
      const proxy = await proxyFor(cluster, fate);
      const kube = kubeFor(cluster, { server: proxy.server });
      const found = await Promise.all(kinds.map(([kind]) => kube.servedVersion(kind)));
      expect(found).toEqual(kinds.map(([, version]) => version));
      const isListOfGroup = ({ path }: { path: string }) => path !== "/apis";
      expect(proxy.requests.some(isListOfGroup)).toBe(way === "legacy");
    });

    flux23Test(`an API whose own server is down, by ${way} discovery`, async ({ cluster }) => {
      await cluster.apply({
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: "v1beta1.metrics.example" },
        spec: {
          group: "metrics.example",
          version: "v1beta1",
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { name: "gone", namespace: "default" },
        },
      } as KubeObject);
      const proxy = await proxyFor(cluster, fate);
      const ask = () =>
        kubeFor(cluster, { server: proxy.server }).servedVersion({
          group: "metrics.example",
          kind: "PodMetrics",
          plural: "pods",
        });
      await expect
        .poll(() => ask().catch((error: Error) => error.message), { timeout: 20_000 })
        .toBe(
          "Cannot find out whether pods.metrics.example is served: the API metrics.example/v1beta1 does not answer",
        );
      // the others are not its hostages
      expect(await kubeFor(cluster, { server: proxy.server }).servedVersion(Kustomization)).toBe("v1");
    });
  }

  flux23Test("a CRD that was applied just now", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    const Widget: Kind = { group: "new.example", kind: "Widget", plural: "widgets" };
    expect(await kube.servedVersion(Widget)).toBeUndefined();
    const schema = { openAPIV3Schema: { type: "object" } };
    await kube.apply(
      CustomResourceDefinition,
      {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "widgets.new.example" },
        spec: {
          group: "new.example",
          scope: "Namespaced",
          names: { kind: "Widget", plural: "widgets" },
          versions: [{ name: "v1", served: true, storage: true, schema }],
        },
      } as KubeObject,
      by,
    );
    await expect.poll(() => kubeFor(cluster).servedVersion(Widget)).toBe("v1");
    expect(await kube.servedVersion(Widget)).toBe("v1");
  });
});

describe("apply", () => {
  clusterTest("creates, then changes nothing, then changes", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-apply");
    const kube = kubeFor(cluster);
    const wanted = kustomization(namespace, "podinfo", { path: "./a" });
    const created = await kube.apply(Kustomization, wanted, by);
    expect(created.spec).toEqual({ path: "./a" });
    const again = await kube.apply(Kustomization, wanted, by);
    expect(again.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
    const changed = await kube.apply(Kustomization, { ...wanted, spec: { path: "./b" } }, by);
    expect(changed.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
    expect(changed.spec).toEqual({ path: "./b" });
    const { metadata } = await cluster.get(`${kustomize}/v1`, "Kustomization", "podinfo", namespace);
    expect((metadata as { managedFields?: object[] }).managedFields).toMatchObject([
      { manager: "flamingo", operation: "Apply" },
    ]);
  });

  clusterTest("--dry-run writes nothing", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-apply-dry");
    const kube = kubeFor(cluster);
    const answer = await kube.apply(ConfigMap, configMap(namespace, "a"), { ...by, dryRun: true });
    expect(answer.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await kube.find(ConfigMap, { namespace, name: "a" })).toBeUndefined();
  });

  clusterTest("a conflict names each field and its manager; --force takes them over", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-apply-conflict");
    const theirs = kustomization(namespace, "podinfo", { path: "./a", prune: true });
    await cluster.apply(theirs);
    const ours = kustomization(namespace, "podinfo", { path: "./b", prune: false });
    const kube = kubeFor(cluster);
    await expect(kube.apply(Kustomization, ours, by)).rejects.toMatchObject({
      message:
        "Cannot apply Kustomization podinfo in kube-apply-conflict: .spec.path, .spec.prune belong to test",
      hint: "Take these fields over with --force, or leave them to their managers",
      exitCode: 1,
    });
    expect((await kube.apply(Kustomization, ours, { ...by, force: true })).spec).toEqual({
      path: "./b",
      prune: false,
    });
  });

  clusterTest("a conflict with somebody who did not use server-side apply", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-apply-edit");
    const path = `/api/v1/namespaces/${namespace}/configmaps?fieldManager=kubectl-edit`;
    const theirs = { ...configMap(namespace, "a"), data: { color: "red" } };
    expect((await cluster.request("POST", path, theirs)).status).toBe(201);
    const ours = { ...theirs, data: { color: "blue" } };
    await expect(kubeFor(cluster).apply(ConfigMap, ours, by)).rejects.toMatchObject({
      message: "Cannot apply ConfigMap a in kube-apply-edit: .data.color belongs to kubectl-edit",
    });
  });

  clusterTest("a namespace that is not there", async ({ cluster }) => {
    await expect(kubeFor(cluster).apply(ConfigMap, configMap("kube-nowhere", "a"), by)).rejects.toMatchObject(
      {
        message: "Cannot apply ConfigMap a in kube-nowhere: the namespace kube-nowhere does not exist",
        hint: "Create it: kubectl create namespace kube-nowhere",
      },
    );
  });

  clusterTest("an object that the API server finds invalid", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-apply-invalid");
    const bad = configMap(namespace, "a", { labels: { "no good": "x" } });
    await expect(kubeFor(cluster).apply(ConfigMap, bad, by)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Cannot apply ConfigMap a in kube-apply-invalid: it is invalid: metadata\.labels: Invalid value: "no good": /,
      ),
      hint: "See which fields there are: kubectl explain configmaps",
    });
  });

  clusterTest("is repeated after a reset", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-apply-reset");
    let resets = 2;
    const proxy = await proxyFor(cluster, () => (resets-- > 0 ? "reset" : "pass"));
    const kube = kubeFor(cluster, { server: proxy.server });
    await kube.apply(ConfigMap, configMap(namespace, "a"), by);
    expect(proxy.requests).toHaveLength(3);
  });
});

describe("read", () => {
  clusterTest("what belongs to no kind, and nothing where nothing is", async ({ cluster }) => {
    const kube = kubeFor(cluster);
    expect(await kube.read("/version", "read the version")).toMatchObject({ major: "1" });
    expect(await kube.read("/apis/nobody.example/v1", "read the API")).toBeUndefined();
  });

  clusterTest("a failure is one of what was to be done", async ({ cluster }) => {
    const proxy = await proxyFor(cluster, () => ({ status: 503, body: { kind: "Status", message: "busy" } }));
    const ask = (once: boolean) =>
      kubeFor(cluster, { server: proxy.server }).read("/version", "read the version", { once });
    await expect(ask(true)).rejects.toMatchObject({
      message: `Cannot read the version: ${proxy.server} answered 503: busy`,
    });
    expect(proxy.requests).toHaveLength(1);
    await expect(ask(false)).rejects.toMatchObject({
      message: `Cannot read the version: ${proxy.server} answered 503, 5 times in a row: busy`,
    });
  });

  clusterTest("without the right to", async ({ cluster }) => {
    const read = kubeFor(cluster, { user: "alice" }).read("/metrics", "read the metrics");
    await expect(read).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot read the metrics: forbidden: User "alice" cannot get path /),
    });
    expect(await read.catch(isForbidden)).toBe(true);
  });
});

describe("create", () => {
  clusterTest("an object, once", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-create");
    const kube = kubeFor(cluster);
    const created = await kube.create(ConfigMap, configMap(namespace, "a"));
    expect(created.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    const again = kube.create(ConfigMap, configMap(namespace, "a"));
    await expect(again).rejects.toMatchObject({
      message: 'Cannot create ConfigMap a in kube-create: configmaps "a" already exists',
      hint: "Delete it first, or choose another name",
    });
    expect(await again.catch(isConflict)).toBe(true);
  });

  clusterTest("with a field manager, and without effect as a dry run", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-create-how");
    const kube = kubeFor(cluster);
    const object = { ...configMap(namespace, "a"), data: { color: "red" } };
    await kube.create(ConfigMap, object, { dryRun: true });
    expect(await kube.find(ConfigMap, { namespace, name: "a" })).toBeUndefined();
    const managers = ({ metadata }: KubeObject) =>
      (metadata as { managedFields?: { manager: string }[] }).managedFields?.map(({ manager }) => manager);
    expect(managers(await kube.create(ConfigMap, object))).toEqual(["flamingo"]);
    const other = { ...object, metadata: { namespace, name: "b" } };
    expect(managers(await kube.create(ConfigMap, other, { fieldManager: "tester" }))).toEqual(["tester"]);
  });

  clusterTest("a question that is answered on creation", async ({ cluster }) => {
    const Review: Kind<KubeObject & { spec: object; status?: { allowed: boolean } }> = {
      group: "authorization.k8s.io",
      kind: "SelfSubjectAccessReview",
      plural: "selfsubjectaccessreviews",
    };
    const mayAliceList = await kubeFor(cluster, { user: "alice" }).create(Review, {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      metadata: { name: "" },
      spec: { resourceAttributes: { verb: "list", resource: "secrets" } },
    });
    expect(mayAliceList.status?.allowed).toBe(false);
  });

  clusterTest("is not sent twice", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-create-reset");
    const proxy = await proxyFor(cluster, () => "reset");
    const kube = kubeFor(cluster, { server: proxy.server });
    await expect(kube.create(ConfigMap, configMap(namespace, "a"))).rejects.toMatchObject({
      message: `Cannot create ConfigMap a in kube-create-reset: ${proxy.server} closed the connection without an answer`,
    });
    expect(proxy.requests).toHaveLength(1);
  });
});

describe("who may not, and who is not there", () => {
  clusterTest("missing rights name user, verb and resource, and how to check", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-rights");
    const kube = kubeFor(cluster, { user: "alice" });
    const may = (rest: string) =>
      `Choose another --context or --as, or ask for the right; to check it: kubectl auth can-i ${rest}`;
    await expect(kube.find(Kustomization, { namespace, name: "podinfo" })).rejects.toMatchObject({
      message: `Cannot read Kustomization podinfo in kube-rights: kustomizations.${kustomize} "podinfo" is forbidden: User "alice" cannot get resource "kustomizations" in API group "${kustomize}" in the namespace "kube-rights"`,
      hint: may(`get kustomizations.${kustomize} -n kube-rights`),
      exitCode: 1,
    });
    await expect(all(kube.list(ConfigMap))).rejects.toMatchObject({
      message:
        'Cannot list ConfigMaps: configmaps is forbidden: User "alice" cannot list resource "configmaps" in API group "" at the cluster scope',
      hint: may("list configmaps --all-namespaces"),
    });
    await expect(kube.apply(ConfigMap, configMap(namespace, "a"), by)).rejects.toMatchObject({
      hint: may("patch configmaps -n kube-rights"),
    });
  });

  clusterTest("the right to read is enough to read", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("kube-granted");
    await cluster.grant(
      "bob",
      { apiGroups: [kustomize], resources: ["kustomizations"], verbs: ["get"] },
      namespace,
    );
    const kube = kubeFor(cluster, { user: "bob" });
    expect(await kube.find(Kustomization, { namespace, name: "podinfo" })).toBeUndefined();
  });

  clusterTest("a token that is not valid", async ({ cluster }) => {
    const { connection } = cluster;
    const transport = transportFor(cluster, { headers: async () => ({ Authorization: "Bearer wrong" }) });
    const kube = openKube(transport, { signal: new AbortController().signal });
    await expect(kube.find(ConfigMap, { namespace: "default", name: "a" })).rejects.toMatchObject({
      message: `Cannot read ConfigMap a in default: ${connection.server} does not accept the credentials, which may have expired (401)`,
      hint: "Renew the credentials of context test (~/.kube/config), or choose another --context",
    });
  });

  clusterTest("a server that is down, at once", async ({ cluster }) => {
    const proxy = await proxyFor(cluster);
    await proxy.stop();
    const kube = kubeFor(cluster, { server: proxy.server, firstWaitMs: 1000 });
    const start = performance.now();
    await expect(kube.servedVersion(Kustomization)).rejects.toMatchObject({
      message: `Cannot find out in which version kustomizations.${kustomize} is served: ${proxy.server} refused the connection`,
    });
    await expect(kube.find(Kustomization, { namespace: "a", name: "podinfo" })).rejects.toMatchObject({
      message: `Cannot read Kustomization podinfo in a: ${proxy.server} refused the connection`,
    });
    await expect(collect(kube.list(Kustomization, { namespace: "a" }))).rejects.toMatchObject({
      message: `Cannot list Kustomizations in a: ${proxy.server} refused the connection`,
    });
    expect(performance.now() - start).toBeLessThan(500);
  });

  clusterTest("a server that hangs, at the deadline", async ({ cluster }) => {
    const proxy = await proxyFor(cluster, () => "hang");
    const kube = kubeFor(cluster, { server: proxy.server, signal: AbortSignal.timeout(300) });
    const start = performance.now();
    await expect(all(kube.list(ConfigMap))).rejects.toMatchObject({
      message: `Cannot list ConfigMaps: the time of --timeout is over, and ${proxy.server} had not answered in full`,
      exitCode: 3,
    });
    expect(performance.now() - start).toBeLessThan(1300);
  });
});
