import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    isolate: false,
    globalSetup: ["test/cluster/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
