import { describe, expect } from "vitest";
import type { Application as ApplicationObject } from "../../src/argo/application.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { progressOf } from "../../src/loopback/answers/operation.js";
import { perform, respond } from "../../src/loopback/answers/respond.js";
import type { Situation } from "../../src/loopback/answers/situation.js";
import {
  clusterTest,
  fluxMinor,
  isSharedMissing,
  ownClusterTest,
  sharedArgoCrds,
  type TestCluster,
} from "../cluster/cluster.js";
import type { Fate } from "../cluster/proxy.js";
import { kubeFor, proxyFor } from "../kube/kube-for.js";
import { commit, gitRepository, kustomization } from "../report/objects.js";
import { applicationWith, requestedAt, situation, syncOf } from "./answers-scene.js";

const argo = "/apis/argoproj.io/v1alpha1/namespaces";
const kustomize = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces";
const source = "/apis/source.toolkit.fluxcd.io/v1/namespaces";

/** Application, Kustomization and GitRepository of one namespace, read anew each time. */
class Place {
  readonly namespace: string;
  readonly cluster: TestCluster;

  constructor(cluster: TestCluster, namespace: string) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  static async make(cluster: TestCluster, name: string, application: object = {}): Promise<Place> {
    const namespace = await cluster.createNamespace(name);
    const { uid: _, resourceVersion: __, ...metadata } = applicationWith(application).metadata;
    const items = [
      { ...applicationWith(application), metadata: { ...metadata, namespace } },
      ...[kustomization(), gitRepository].map((item) => ({
        ...item,
        metadata: { name: item.metadata.name, namespace },
        spec: { interval: "1h", prune: true, ...(item as FluxWorkload).spec },
      })),
    ];
    for (const item of items) await cluster.apply(item as LiveObject);
    return new Place(cluster, namespace);
  }

  get application(): Promise<ApplicationObject> {
    return this.#get(`${argo}/${this.namespace}/applications/podinfo`);
  }

  get workload(): Promise<FluxWorkload> {
    return this.#get(`${kustomize}/${this.namespace}/kustomizations/podinfo`);
  }

  get repository(): Promise<LiveObject> {
    return this.#get(`${source}/${this.namespace}/gitrepositories/podinfo`);
  }

  async situation(changes: Partial<Situation> = {}): Promise<Situation> {
    const [application, workload, repository] = [
      await this.application,
      await this.workload,
      await this.repository,
    ];
    return situation({
      application,
      workload,
      sources: [repository],
      flux: () => [workload, repository],
      ...changes,
    });
  }

  async events(): Promise<{ reason: string; message: string }[]> {
    const { items } = await this.#get<{ items: { reason: string; message: string }[] }>(
      `/api/v1/namespaces/${this.namespace}/events`,
    );
    return items;
  }

  patch(path: string, patch: object): Promise<unknown> {
    return this.cluster.request("PATCH", path, patch, { "Content-Type": "application/merge-patch+json" });
  }

  /** As Flux does when it has reconciled. */
  async handle(path: string, status: object): Promise<void> {
    const { metadata } = await this.#get<LiveObject>(path);
    await this.patch(`${path}/status`, {
      status: {
        lastHandledReconcileAt: metadata.annotations?.[requestedAt],
        conditions: [
          {
            type: "Ready",
            status: "True",
            reason: "Succeeded",
            message: `Applied revision: main@sha1:${commit}`,
            lastTransitionTime: "2026-11-21T10:00:00Z",
          },
        ],
        ...status,
      },
    });
  }

  async #get<T>(path: string): Promise<T> {
    const { status, body } = await this.cluster.request("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return body as T;
  }
}

async function gone(cluster: TestCluster, path: string): Promise<boolean> {
  return (await cluster.request("GET", path)).status === 404;
}

const finalizers = ["resources-finalizer.argocd.argoproj.io", "example.com/mine"];

/** Argo CD's server: a whole Sync, with every write through the real schema. */
async function syncWholly(cluster: TestCluster, namespace: string): Promise<void> {
  const place = await Place.make(cluster, namespace);
  const kube = kubeFor(cluster);
  const app = `${argo}/${namespace}/applications/podinfo`;
  await place.patch(app, { operation: syncOf({ revision: commit }) });
  expect(await respond(kube, await place.situation())).toMatchObject({ isOutdated: false });
  const running = await place.application;
  expect(running.status?.operationState).toMatchObject({ phase: "Running" });
  expect(running.metadata).toMatchObject({
    managedFields: expect.arrayContaining([expect.objectContaining({ manager: "flamingo-loopback" })]),
  });
  expect(await respond(kube, await place.situation())).toBeUndefined();
  await place.handle(`${source}/${namespace}/gitrepositories/podinfo`, {});
  await respond(kube, await place.situation());
  expect(await respond(kube, await place.situation())).toBeUndefined();
  const revision = `main@sha1:${commit}`;
  const applied = { lastAppliedRevision: revision, lastAttemptedRevision: revision };
  await place.handle(`${kustomize}/${namespace}/kustomizations/podinfo`, applied);
  const last = await respond(kube, await place.situation());
  expect(last?.application).toEqual(await place.application);
  expect(last?.application).not.toHaveProperty("operation");
  expect(last?.application?.status?.operationState).toMatchObject({
    phase: "Succeeded",
    operation: syncOf({ revision: commit }),
    syncResult: { revision: commit },
  });
  expect(await respond(kube, await place.situation())).toBeUndefined();
}

describe("a Sync through the API server", () => {
  clusterTest("from end to end", ({ cluster }) => syncWholly(cluster, "answers-sync"));

  clusterTest(
    "of an Application that has changed meanwhile is left for the next look",
    async ({ cluster }) => {
      const place = await Place.make(cluster, "answers-changed", { operation: syncOf() });
      const kube = kubeFor(cluster);
      const before = await place.situation({ denial: "no" });
      await place.patch(`${argo}/answers-changed/applications/podinfo`, {
        metadata: { labels: { team: "x" } },
      });
      expect(await respond(kube, before)).toMatchObject({
        isOutdated: true,
        application: undefined,
        log: [],
      });
      expect((await place.application).operation).toBeDefined();
      await respond(kube, await place.situation({ denial: "no" }));
      expect((await place.application).status?.operationState).toMatchObject({
        phase: "Failed",
        message: "no",
      });
    },
  );

  clusterTest("of a source that has changed or gone meanwhile, too", async ({ cluster }) => {
    const place = await Place.make(cluster, "answers-gone", { operation: syncOf() });
    const kube = kubeFor(cluster);
    const path = `${source}/answers-gone/gitrepositories/podinfo`;
    const before = await place.situation();
    await place.patch(path, { metadata: { labels: { team: "x" } } });
    expect(await respond(kube, before)).toMatchObject({ isOutdated: true, log: [] });
    const now = await place.situation();
    await cluster.request("DELETE", path);
    expect(await respond(kube, now)).toMatchObject({ isOutdated: true, log: [] });
  });

  clusterTest.for<[what: string, fate: Fate]>([
    ["before the source is asked", "reset"],
    ["once the source is asked", { truncateAfterBytes: 0 }],
  ])("asks once when flamingo is killed %s", async ([what, fate], { cluster }) => {
    const namespace = `answers-killed-${what.split(" ", 1)}`;
    const place = await Place.make(cluster, namespace, { operation: syncOf() });
    const path = `${source}/${namespace}/gitrepositories/podinfo`;
    let isDead = false;
    const proxy = await proxyFor(cluster, (request) => {
      if (isDead) return "reset";
      isDead = request.method === "PATCH" && request.path === path;
      return isDead ? fate : "pass";
    });
    const killed = respond(kubeFor(cluster, { server: proxy.server }), await place.situation());
    await expect(killed).rejects.toThrow("Cannot update GitRepository podinfo");
    const state = (await place.application).status?.operationState;
    const recorded = progressOf(state)?.token;
    expect(recorded).toBeDefined();

    const successor = kubeFor(cluster);
    const later = new Date(Date.now() + 60_000);
    await respond(successor, await place.situation({ now: later }));
    expect((await place.repository).metadata.annotations?.[requestedAt]).toBe(recorded);
    expect((await place.application).status?.operationState).toEqual(state);
    expect(await respond(successor, await place.situation({ now: later }))).toBeUndefined();
  });

  clusterTest("that flamingo has no right to ask Flux for fails with the reason", async ({ cluster }) => {
    const place = await Place.make(cluster, "answers-forbidden", { operation: syncOf() });
    await cluster.grant(
      "bob",
      { apiGroups: ["argoproj.io"], resources: ["applications"], verbs: ["patch"] },
      place.namespace,
    );
    const kube = kubeFor(cluster, { user: "bob" });
    // what was to be asked was recorded before, so that it is another Application that fails
    await respond(kube, await place.situation());
    const answer = await respond(kube, await place.situation());
    const { operation, status } = await place.application;
    expect(operation).toBeUndefined();
    expect(status?.operationState?.phase).toBe("Failed");
    expect(status?.operationState?.message).toMatch(/^Cannot .*Kustomization podinfo in answers-forbidden/);
    expect(answer?.log[0]).toContain(status?.operationState?.message);
  });
});

describe("Refresh through the API server", () => {
  clusterTest("goes, whatever else has changed", async ({ cluster }) => {
    const annotations = { "argocd.argoproj.io/refresh": "hard" };
    const place = await Place.make(cluster, "answers-refresh", { metadata: { annotations } });
    const before = await place.situation();
    await place.patch(`${argo}/answers-refresh/applications/podinfo`, {
      metadata: { labels: { team: "x" } },
    });
    const done = await respond(kubeFor(cluster), before);
    expect(done).toMatchObject({ refresh: true, isOutdated: false });
    expect((await place.application).metadata.annotations).not.toHaveProperty(["argocd.argoproj.io/refresh"]);
  });
});

describe("Delete through the API server", () => {
  const path = (namespace: string) => `${argo}/${namespace}/applications/podinfo`;

  clusterTest("takes Argo CD's finalizers, and nothing of Flux", async ({ cluster }) => {
    const place = await Place.make(cluster, "answers-delete", { metadata: { finalizers } });
    await cluster.request("DELETE", path("answers-delete"));
    const kube = kubeFor(cluster);
    await respond(kube, await place.situation());
    expect((await place.application).metadata.finalizers).toEqual(["example.com/mine"]);
    expect(await place.events()).toMatchObject([{ reason: "FluxObjectsKept" }]);
    expect((await place.workload).metadata).not.toHaveProperty("deletionTimestamp");
    expect(await respond(kube, await place.situation())).toBeUndefined();
  });

  clusterTest(
    "with the annotation deletes the Flux objects, then the Application is gone",
    async ({ cluster }) => {
      const metadata = { finalizers: finalizers.slice(0, 1), annotations: { "flamingo/cascade": "flux" } };
      const place = await Place.make(cluster, "answers-cascade", { metadata });
      await cluster.request("DELETE", path("answers-cascade"));
      const before = await place.situation();
      expect(await respond(kubeFor(cluster), before)).toMatchObject({ isOutdated: false });
      expect(await gone(cluster, path("answers-cascade"))).toBe(true);
      expect(await gone(cluster, `${kustomize}/answers-cascade/kustomizations/podinfo`)).toBe(true);
      expect(await gone(cluster, `${source}/answers-cascade/gitrepositories/podinfo`)).toBe(true);
      expect(await place.events()).toMatchObject([
        {
          message:
            "Kustomization podinfo in answers-cascade and GitRepository podinfo in answers-cascade deleted",
        },
      ]);
      // done twice, as after a crash
      expect(await respond(kubeFor(cluster), before)).toMatchObject({ isOutdated: true });
    },
  );

  clusterTest("leaves another object of the same name alone", async ({ cluster }) => {
    const metadata = { finalizers, annotations: { "flamingo/cascade": "flux" } };
    const place = await Place.make(cluster, "answers-uid", { metadata });
    await cluster.request("DELETE", path("answers-uid"));
    const now = await place.situation();
    const answer = answerFor(now);
    const steps = (answer?.steps ?? []).map((step) =>
      step.do === "delete" ? { ...step, uid: "another" } : step,
    );
    const done = await perform(kubeFor(cluster), { steps, refresh: false, log: [] });
    expect(done).toMatchObject({ isOutdated: true });
    expect((await place.application).metadata.finalizers).toEqual(finalizers);
    expect((await place.workload).metadata).not.toHaveProperty("deletionTimestamp");
  });

  clusterTest("that flamingo has no right to do is told, and the Application stays", async ({ cluster }) => {
    const metadata = { finalizers, annotations: { "flamingo/cascade": "flux" } };
    const place = await Place.make(cluster, "answers-refused", { metadata });
    await cluster.grant(
      "bob",
      { apiGroups: [""], resources: ["events"], verbs: ["create"] },
      place.namespace,
    );
    await cluster.request("DELETE", path("answers-refused"));
    const work = respond(kubeFor(cluster, { user: "bob" }), await place.situation());
    await expect(work).rejects.toThrow("Cannot delete Kustomization podinfo in answers-refused");
    expect(await place.events()).toMatchObject([{ reason: "FluxObjectsNotDeleted" }]);
    expect((await place.application).metadata.finalizers).toEqual(finalizers);
  });
});

describe.each(["v2.8.0", "v3.5.1"])("the schema of Argo CD %s", (tag) => {
  const missing = isSharedMissing(`argo-cd/${tag}/manifests/crds/application-crd.yaml`);
  const realTest = ownClusterTest(async (cluster) => {
    await cluster.installCrds(fluxMinor("2.9"));
    await cluster.installCrds(sharedArgoCrds(tag, ["application"]));
  });
  realTest.skipIf(missing)("keeps all that a Sync must know", ({ cluster }) =>
    syncWholly(cluster, "answers-real"),
  );
});
