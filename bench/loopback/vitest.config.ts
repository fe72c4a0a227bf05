import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["bench/loopback/*.bench.ts"],
    pool: "forks",
    reporters: ["default", "./bench/table-reporter.ts"],
    testTimeout: 60 * 60_000,
    hookTimeout: 60 * 60_000,
  },
});
