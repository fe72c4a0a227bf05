import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest come first, so that no worker is left with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((path) => moduleId.includes(path));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

const longest = ["e2e/chaos/", "e2e/kubelet/", "e2e/scenes/", "e2e/reconcile", "e2e/shards"];

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    pool: "forks",
    // the files of a worker share one Argo CD and one redis, and stop programs; each worker has its own
    maxWorkers: 2,
    isolate: false,
    sequence: { sequencer: LongestFirst },
    globalSetup: ["test/e2e/global-setup.ts"],
    testTimeout: 180_000,
    // ten real programs talk to each other on a shared machine; what fails twice is no accident
    retry: process.env["CI"] ? 1 : 0,
    hookTimeout: 180_000,
    expect: { poll: { interval: 100, timeout: 60_000 } },
  },
});
