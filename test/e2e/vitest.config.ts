import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    pool: "forks",
    // they share one Argo CD, one redis, and stop programs
    fileParallelism: false,
    isolate: false,
    globalSetup: ["test/e2e/global-setup.ts"],
    testTimeout: 180_000,
    // ten real programs talk to each other on a shared machine; what fails twice is no accident
    retry: process.env["CI"] ? 1 : 0,
    hookTimeout: 180_000,
    expect: { poll: { interval: 100, timeout: 60_000 } },
  },
});
