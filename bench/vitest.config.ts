import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["bench/*.bench.ts"],
    pool: "forks",
    // two measurements at once would measure each other
    fileParallelism: false,
    reporters: ["default", "./bench/table-reporter.ts"],
    testTimeout: 30 * 60_000,
    hookTimeout: 10 * 60_000,
  },
});
