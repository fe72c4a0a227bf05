import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { TransportDeps } from "../../../src/kube/access/open-transport.js";

/** A folder with files in it, gone when the test is over. */
export interface Workplace {
  folder: string;
  /** Writes a file, with its folders; data becomes JSON. The answer is its absolute path. */
  write(name: string, content: unknown): string;
  /** Writes a Node program that can be run by its path. */
  writeProgram(name: string, source: string): string;
  /** The environment and the folder of a command that runs here, as at a desk without a kubeconfig. */
  deps(parts?: Partial<TransportDeps>): TransportDeps;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(path.join(tmpdir(), "flamingo-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, content: unknown): string {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  return {
    folder,
    write,
    writeProgram(name, source) {
      const file = write(name, `#!${process.execPath}\n${source}`);
      chmodSync(file, 0o755);
      return file;
    },
    deps: ({ env, ...parts } = {}) => ({
      env: { HOME: folder, PATH: process.env["PATH"], ...env },
      cwd: folder,
      signal: new AbortController().signal,
      stdin: {},
      now: () => new Date("2026-11-21T12:00:00Z"),
      serviceAccountDirectory: path.join(folder, "no-service-account"),
      ...parts,
    }),
  };
}

/** A kubeconfig with one context `dev`, of a cluster and a user of that name. */
export function kubeconfig(
  cluster: Record<string, unknown> = {},
  user: Record<string, unknown> = {},
  more = {},
) {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "dev", cluster: { server: "https://dev.example:6443", ...cluster } }],
    users: [{ name: "dev", user }],
    contexts: [{ name: "dev", context: { cluster: "dev", user: "dev", namespace: "apps" } }],
    "current-context": "dev",
    ...more,
  };
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64");
