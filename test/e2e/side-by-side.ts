import { onTestFinished } from "vitest";
import type { Maybe } from "../application-states.js";
import { application } from "../builders/argo.js";
import type { Rig } from "./e2e.js";
import { deployed, type Follow, type Followed } from "./followed.js";
import { run } from "./run.js";
import { deployment, flux } from "./workloads.js";

/** The same content of a repository, applied by Argo CD itself and by Flux, for which flamingo speaks. */
export interface SideBySide {
  native: Followed;
  ours: Followed;
  /**
   * Pushes a commit and has both look at it.
   *
   * @param title names it in {@link expectStates}
   * @param files contents by path, null removes one; none: an empty commit
   */
  commit(title: string, files?: Record<string, string | null>): Promise<void>;
  /** Has Argo CD look at the native Application again. */
  refresh(): Promise<void>;
  /** Waits until both are in step with the last commit, and healthy. */
  untilApplied(): Promise<void>;
  /** That Argo CD sent this about both since it was asked last, see `Followed`. */
  expectSent(triggers: readonly string[]): Promise<void>;
  /** That flamingo showed these, and nothing else in between. @example ["Synced first, Healthy, Succeeded first", …] */
  expectStates(expected: readonly (string | Maybe)[]): void;
}

export interface Content {
  /** of the commit "first"; what is in the folder `app` is applied, without namespaces */
  files?: Record<string, string>;
  /** of the Kustomization */
  spec?: object;
}

/**
 * Both have applied the commit "first", and what is sent from now on counts.
 *
 * @param follow flamingo runs already
 */
export async function sideBySide(
  rig: Rig,
  follow: Follow,
  name: string,
  { files = { "app/deployment.yaml": deployment("web") }, spec }: Content = {},
): Promise<SideBySide> {
  const nativeName = `${name}-native`;
  const workload = await flux(rig, name, files, spec);
  const { url } = workload.source["spec"] as { url: string };
  let last = workload.commit;
  const titles = new Map([[last, "first"]]);
  await run(rig, `generate-app ks/web -n ${name} --app-name ${name}`);
  await rig.createNamespace(nativeName);
  const nativeApplication = await rig.cluster.apply(
    application(nativeName, {
      source: { repoURL: url, path: "app", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: nativeName },
      // what fails is not tried again for minutes
      syncPolicy: { automated: {}, retry: { limit: 0 } },
    }),
  );
  onTestFinished(async () => {
    for (const each of [name, nativeName])
      await rig.cluster.delete("argoproj.io/v1alpha1", "Application", each, "argocd");
  });
  const [native, ours] = [await follow(nativeName), await follow(name)];

  const scene: SideBySide = {
    native,
    ours,
    async commit(title, more = {}) {
      last = await workload.push(more);
      titles.set(last, title);
      await scene.refresh();
      await rig.reconcile(workload.source);
    },
    async refresh() {
      const annotations = { "argocd.argoproj.io/refresh": "normal" };
      await rig.cluster.change(nativeApplication, { metadata: { annotations } });
    },
    async untilApplied() {
      const status = { sync: { status: "Synced", revision: last }, health: { status: "Healthy" } };
      await Promise.all([native.until(status), ours.until(status)]);
    },
    async expectSent(triggers) {
      await Promise.all([native.expectSent(triggers), ours.expectSent(triggers)]);
    },
    expectStates: (expected) => ours.expectStates(expected, titles),
  };
  await scene.untilApplied();
  await Promise.all([native.settle(deployed), ours.settle(deployed)]);
  return scene;
}
