import { afterAll, inject, type TestAPI, test } from "vitest";
import { type RunningCluster, startCluster } from "./start.js";
import { TestCluster } from "./test-cluster.js";

export { argoCrds } from "./crds.js";
export { fluxCrds, fluxMinor, fluxMinors, operatorCrds } from "./flux-crds.js";
export { isSharedMissing, sharedArgoCrds, sharedFlux } from "./shared.js";
export { TestCluster } from "./test-cluster.js";

const connection = inject("cluster");

/**
 * The API server that all test files of the run share, with the CRDs of the newest Flux and of Argo CD (open schemas).
 * CRDs are there for everybody: a test that wants others starts an own one. Null when there is none.
 */
export const cluster: TestCluster | null = connection && new TestCluster(connection);

/**
 * A test that is handed the shared `cluster`, and skipped when there is none.
 *
 * @example clusterTest("get lists Applications", async ({ cluster }) => { await cluster.load("fixtures/get.yaml") })
 */
export const clusterTest: TestAPI<{ cluster: TestCluster }> = test.extend<{ cluster: TestCluster }>({
  cluster: async ({ skip }, use) => {
    await use(cluster ?? skip(inject("noCluster")));
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
  if (!cluster) return null;
  const { connection, stop, restart } = await startCluster();
  return Object.assign(new TestCluster(connection), { stop, restart });
}
