import { describe, expect, onTestFinished } from "vitest";
import type { Application } from "../../../src/argo/application.js";
import { reportedOf } from "../../../src/argo/loopback-lease.js";
import type { Event, Lease } from "../../../src/kube/kinds.js";
import type { KubeObject } from "../../../src/kube/object.js";
import { farewellPrefix } from "../../../src/loopback/engine/farewell.js";
import { engineRights } from "../../../src/loopback/rights.js";
import { argo, stock } from "../../argo/installed-objects.js";
import { application, appProject, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";
import { argoCrds, fluxMinor, operatorCrds, ownClusterTest } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import type { SeenRequest } from "../../cluster/proxy.js";
import { flamingo } from "../../flamingo.js";
import { proxyFor } from "../../kube/kube-for.js";
import { isRedisMissing, startRedis } from "../../loopback/redis-server.js";
import { engineUser, installEngine, untilRefused } from "./engine-account.js";
import { handleRequests, ofCore, operated, reconciled, sources, stored, workloads } from "./flux-at-work.js";

const applications = ["argoproj.io/v1alpha1", "Application"] as const;

const engineTest = ownClusterTest(async (cluster) => {
  await cluster.installCrds([...fluxMinor("2.7"), ...operatorCrds(), ...argoCrds()]);
  await installEngine(cluster);
  const password = {
    name: "REDIS_PASSWORD",
    valueFrom: { secretKeyRef: { name: "argocd-redis", key: "auth" } },
  };
  const components = argo(stock);
  for (const { spec } of components)
    for (const container of spec?.template?.spec?.containers ?? []) container.env = [password];
  await cluster.applyAll<KubeObject>([
    ...components,
    appProject("default"),
    ofCore("Secret", "argocd/argocd-redis", { stringData: { auth: "secret" } }),
    ofCore("ConfigMap", "apps/of-shop"),
    stored,
    ...[...sources, ...workloads, ...operated].map((one) => ({ ...one, status: reconciled(one) })),
    application("native"),
  ]);
  const [workload] = workloads;
  const path = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/${workload?.metadata.name}?dryRun=All`;
  await untilRefused(cluster, { method: "PATCH", path, body: { spec: { path: "./other" } } });
  await untilRefused(cluster, {
    method: "PATCH",
    path: "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/native?dryRun=All",
    body: { spec: { project: "other" } },
  });
  await cluster.delete(...applications, "native", "argocd");
});

/** Of a request: "patch helm.toolkit.fluxcd.io helmreleases"; undefined for what is about no object. */
function accessOf({ method, path, query }: SeenRequest): string | undefined {
  const parts = /^\/(?:api|apis\/([^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/)?(.+)$/.exec(path);
  const [, group = "", rest = ""] = parts ?? [];
  const [resource = "", name] = rest.split("/");
  const reads = query.has("watch") ? "watch" : name === undefined ? "list" : "get";
  const verbs = { GET: reads, POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };
  return parts ? `${verbs[method as keyof typeof verbs]} ${group} ${resource}` : undefined;
}

/** All that its rights let it do inside of a cluster, in the same words; of "everything" only that something is done. */
function permitted(): string[] {
  return engineRights()
    .filter(({ when }) => when !== "outside")
    .flatMap(({ rule: { verbs, apiGroups, resources } }) =>
      verbs.flatMap((verb) =>
        apiGroups.flatMap((group) => resources.map((resource) => `${verb} ${group} ${resource}`)),
      ),
    )
    .filter((access) => !access.endsWith("* *") && isThere(access));
}

/** A rule names several groups and all of their kinds, so that it also names kinds that are in another of the groups. */
function isThere(access: string): boolean {
  const [, group = "", resource = ""] = access.split(" ");
  const kinds = fluxMinor("2.7").map(({ spec }) => spec as { group: string; names: { plural: string } });
  const ofFlux = kinds.filter((kind) => kind.names.plural === resource);
  return ofFlux.length === 0 || ofFlux.some((kind) => kind.group === group);
}

describe.skipIf(isRedisMissing())("the engine, with its own rights and under its policies", () => {
  /** what it has asked of the API server */
  let used = new Set<string | undefined>();

  engineTest("does all that it is for", { timeout: 120_000 }, async ({ cluster }) => {
    const redis = await startRedis({ password: "secret" });
    const proxy = await proxyFor(cluster);
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const line = `loopback --auto -A --redis 127.0.0.1:${redis.port} --listen 127.0.0.1:0 --as ${engineUser}`;
    let said = "";
    const running = flamingo(line, {
      kubeconfig: proxy.kubeconfig(),
      signal: stop.signal,
      ticking: true,
      onStderr: (text) => {
        said += text;
      },
    });
    const all = () => cluster.list<TestObject & Application>(...applications, "argocd");
    const namesOf = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);
    const until = (what: () => Promise<unknown>) => expect.poll(what, { timeout: 30_000, interval: 200 });
    const where = async (fits: (application: Application) => unknown) => namesOf((await all()).filter(fits));
    const change = async (patch: object) => {
      for (const application of await all()) await cluster.change(application, patch);
    };
    const names = workloads.map(
      ({ kind, metadata }) => `apps-${metadata.name}-${kind === "HelmRelease" ? "hr" : "ks"}`,
    );

    // --auto creates, and reports
    await until(() => where(({ status }) => status?.sync?.status === "Synced")).toEqual(names.toSorted());
    const lease = () => cluster.get<Lease>("coordination.k8s.io/v1", "Lease", "flamingo-loopback", "argocd");
    await until(async () => reportedOf(await lease())?.version).toBe("dev");
    // by Helm's storage
    const shop = await cluster.get<Application & TestObject>(...applications, "apps-shop-hr", "argocd");
    expect(shop.status?.resources?.map(({ kind, name }) => `${kind} ${name}`)).toContain("ConfigMap of-shop");
    // and deletes
    await cluster.delete("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "short-lived", "apps");
    const left = names.filter((name) => name !== "apps-short-lived-ks").sort();
    await until(() => where(() => true)).toEqual(left);

    // of the Flux Operator's kinds whoever wants them makes them
    const asked = operated.map((one) => generated(one, { name: `apps-${one.metadata.name}` }));
    for (const application of asked) await cluster.apply<KubeObject>(application);
    left.push(...namesOf(asked));
    left.sort();

    // Sync
    await change({ operation: { sync: {}, initiatedBy: { username: "jane" } } });
    await until(async () => {
      await handleRequests(cluster);
      return where(({ operation, status }) => !operation && status?.operationState?.phase === "Succeeded");
    }).toEqual(left);
    // Refresh
    await change({ metadata: { annotations: { "argocd.argoproj.io/refresh": "hard" } } });
    await until(() =>
      where(({ metadata }) => metadata.annotations?.["argocd.argoproj.io/refresh"] === undefined),
    ).toEqual(left);

    // Delete, with all that is Flux's
    const finalizers = ["resources-finalizer.argocd.argoproj.io"];
    await change({ metadata: { finalizers, annotations: { "flamingo/cascade": "flux" } } });
    const stays = "apps-part-ks";
    for (const name of left) if (name !== stays) await cluster.delete(...applications, name, "argocd");
    await until(() => where(() => true)).toEqual([stays]);
    const events = await cluster.list<TestObject & Event>("v1", "Event", "argocd");
    const deleted = events.filter(({ reason }) => reason === "FluxObjectsDeleted");
    expect(deleted.map(({ message }) => message).sort()).toEqual([
      "HelmRelease chart in apps and HelmChart chart in apps deleted",
      "HelmRelease shop in apps and HelmRepository charts in apps deleted",
      "Kustomization file in apps and Bucket files in apps deleted",
      "Kustomization image in apps and OCIRepository images in apps deleted",
      "Kustomization web in apps and GitRepository src in apps deleted",
      "ResourceSet set in apps deleted",
    ]);

    // its probes: a redis that is away is no reason to start it anew
    const [served = ""] = /http:\/\/\S+/.exec(said) ?? [];
    const probe = async (path: string) => (await fetch(`${served}${path}`)).status;
    expect([await probe("/healthz"), await probe("/livez")]).toEqual([200, 200]);
    await redis.stop();
    await until(() => probe("/healthz")).toBe(503);
    expect(await probe("/livez")).toBe(200);
    await redis.start();
    await until(() => probe("/healthz")).toBe(200);

    // and says farewell
    stop.abort();
    await running;
    const isFarewell = ({ status }: Application) =>
      status?.conditions?.some(({ message }) => message.startsWith(farewellPrefix));
    expect(await where(isFarewell)).toEqual([stays]);
    expect((await lease()).spec?.holderIdentity).toBe("");
    used = new Set(proxy.requests.map(accessOf));
  });

  engineTest("gets to redis without the right to read the Secrets of others", async ({ cluster }) => {
    const redis = await startRedis({ password: "secret" });
    await installEngine(cluster, { helmStorage: false });
    const secrets = (namespace: string, name: string) =>
      cluster.request("GET", `/api/v1/namespaces/${namespace}/secrets/${name}`, undefined, {
        "impersonate-user": engineUser,
      });
    await expect.poll(() => secrets("apps", stored.metadata.name)).toMatchObject({ status: 403 });
    const line = `loopback --once --redis 127.0.0.1:${redis.port} --as ${engineUser}`;
    expect(await flamingo(line, { kubeconfig: cluster.kubeconfig() })).toMatchObject({ exitCode: 0 });
  });

  engineTest(
    "shows what an Application comes to later, of which it has not kept all",
    async ({ cluster }) => {
      const redis = await startRedis({ password: "secret" });
      await installEngine(cluster, { shards: 2 });
      const web = generated(ks("apps/late"), { name: "late", namespace: "argocd" });
      const late = {
        ...ks("apps/late", { sourceRef: { kind: "GitRepository", name: "late" } }),
        status: { inventory: { entries: [{ id: "apps_late__ConfigMap", v: "v1" }] } },
      };
      await cluster.applyAll<KubeObject>([
        late,
        ofCore("ConfigMap", "apps/late", { data: { key: "value" } }),
      ]);
      const stop = new AbortController();
      onTestFinished(() => stop.abort());
      const said: string[] = [];
      const running = [1, 2].map((index) =>
        flamingo(`loopback --shard=${index}/2 --redis 127.0.0.1:${redis.port} --as ${engineUser}`, {
          kubeconfig: cluster.kubeconfig(),
          signal: stop.signal,
          ticking: true,
          onStderr: (text) => {
            said.push(text);
          },
        }),
      );
      await expect.poll(() => said.join("").split("✔ Reported").length, { timeout: 30_000 }).toBe(3);
      await cluster.apply<KubeObject>(web);
      const status = async () =>
        (await cluster.get<TestObject & Application>(...applications, "late", "argocd")).status;
      await expect
        .poll(async () => (await status())?.resources?.map(({ kind }) => kind), { timeout: 30_000 })
        .toContain("ConfigMap");
      stop.abort();
      await Promise.all(running);
      expect(said.join("")).not.toContain("✗");
    },
  );

  engineTest.for(permitted())("has a use for the right to %s", (access) => {
    expect(used).toContain(access);
  });
});
