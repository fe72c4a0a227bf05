import { defineConfig } from "vitest/config";

/** What has to be done in a time that is promised to people: one after the other, on a machine that does nothing else. */
const prompt = ["test/cli/**/*.test.ts"];

const common = {
  pool: "forks",
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  test: {
    globalSetup: ["test/cluster/global-setup.ts", "test/follow/global-setup.ts"],
    projects: [
      {
        test: {
          ...common,
          name: "prompt",
          include: prompt,
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", ...prompt],
          // each with an API server of its own
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
