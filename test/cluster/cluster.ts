import { afterAll, inject, type TestAPI, test } from "vitest";
import { argoCrds } from "./crds.js";
import { fluxMinor } from "./flux-crds.js";
import { type RunningCluster, startCluster } from "./start.js";
import { TestCluster } from "./test-cluster.js";

export { argoCrds } from "./crds.js";
export { fluxCrds, fluxMinor, fluxMinors, operatorCrds } from "./flux-crds.js";
export { isSharedMissing, sharedArgoCrds, sharedFlux } from "./shared.js";
export { TestCluster } from "./test-cluster.js";

let shared: Promise<TestCluster> | undefined;

/** The API server that {@link clusterTest} hands to tests; undefined when there is none. */
export async function sharedCluster(): Promise<TestCluster | undefined> {
  if (inject("noCluster")) return undefined;
  shared ??= startCluster().then(async ({ connection }) => {
    const cluster = new TestCluster(connection);
    await cluster.installCrds([...fluxMinor("2.9"), ...argoCrds()]);
    return cluster;
  });
  return await shared;
}

/**
 * A test that is handed the API server that all test files of a worker share, with the CRDs of the newest Flux and of Argo CD
 * (open schemas). CRDs are there for everybody: a test that wants others starts an own one. Skipped when there is none.
 *
 * @example clusterTest("get lists Applications", async ({ cluster }) => { await cluster.load("fixtures/get.yaml") })
 */
export const clusterTest: TestAPI<{ cluster: TestCluster }> = test.extend<{ cluster: TestCluster }>({
  cluster: async ({ skip }, use) => {
    await use((await sharedCluster()) ?? skip(inject("noCluster")));
  },
});

/**
 * Like {@link clusterTest}, with an API server for the tests of this file, or of the `describe` it stands in (two seconds,
 * 320 MB). It starts empty with the first test that wants it, is prepared once, and ends after the last.
 *
 * @example const flux23Test = ownClusterTest((cluster) => cluster.installCrds(fluxMinor("2.3")))
 */
export function ownClusterTest(
  prepare: (cluster: TestCluster) => Promise<unknown> = () => Promise.resolve(),
): TestAPI<{ cluster: OwnCluster }> {
  let started: Promise<OwnCluster | null> | undefined;
  let prepared: Promise<unknown> | undefined;
  afterAll(async () => (await started)?.stop());
  return test.extend<{ cluster: OwnCluster }>({
    cluster: async ({ skip }, use) => {
      started ??= startOwnCluster();
      const own = (await started) ?? skip(inject("noCluster"));
      prepared ??= prepare(own);
      await prepared;
      await use(own);
    },
  });
}

export type OwnCluster = TestCluster & Pick<RunningCluster, "stop" | "restart">;

/**
 * An API server more, empty, for as long as the caller wants; null when the run has none.
 *
 * @example const own = await startOwnCluster(); afterAll(() => own?.stop())
 */
export async function startOwnCluster(): Promise<OwnCluster | null> {
  if (inject("noCluster")) return null;
  const { connection, stop, restart } = await takeSpare();
  return Object.assign(new TestCluster(connection), { stop, restart });
}

let spare: Promise<RunningCluster> | undefined;

/** The next one starts while tests are busy with this one. */
function takeSpare(): Promise<RunningCluster> {
  const taken = spare ?? startCluster();
  spare = taken.then(startCluster);
  // whoever takes it hears of it
  spare.catch(() => {});
  return taken;
}
