import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**"],
    pool: "forks",
    isolate: false,
    globalSetup: ["test/cluster/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
