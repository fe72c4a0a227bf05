import { inject } from "vitest";
import type { RigConnection } from "./connection.js";

let claimed: Promise<RigConnection> | undefined;

/**
 * The rig that all test files of this worker share, and no other worker's. It starts with the first who wants it (10 seconds).
 * Null when the run has none, for the reason in `noRig`.
 */
export async function rigOfWorker(): Promise<RigConnection | null> {
  if (inject("noRig")) return null;
  claimed ??= claim();
  return await claimed;
}

async function claim(): Promise<RigConnection> {
  const response = await fetch(inject("rigs"), { method: "POST" });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as RigConnection;
}
