import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect } from "vitest";
import type { Shown } from "../../../src/applications/shown/row.js";
import type { TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo, type Run, type Surroundings } from "../../flamingo.js";

export const now = new Date("2026-01-02T03:04:05Z");
export const revision = "main@sha1:0123456789abcdef0123456789abcdef01234567";
export const applied = `Applied revision: ${revision}`;

type User = "admin" | "alice" | "bob";

export function run(
  cluster: TestCluster,
  line: string,
  { user, ...around }: Surroundings & { user?: User } = {},
): Promise<Run> {
  return flamingo(line, { kubeconfig: cluster.kubeconfig(user ? { user } : {}), now, ...around });
}

const schema = JSON.parse(readFileSync("schemas/get.schema.json", "utf8"));
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
const validate = ajv.compile(schema);

/** The records that a command prints. */
export async function items(cluster: TestCluster, line: string, user?: User): Promise<Shown[]> {
  const { stdout, stderr } = await run(cluster, `${line} -o json`, user ? { user } : {});
  expect(stdout, stderr).not.toBe("");
  const { items: rows } = JSON.parse(stdout);
  expectRows(rows);
  return rows;
}

/** As their schema has them. */
export function expectRows(rows: unknown): void {
  expect(validate({ items: rows }) || validate.errors).toBe(true);
}

/** Flux's word of an object in its first generation: its condition Ready. */
export function withReady<T extends TestObject>(object: T, message: string, condition: object = {}): T {
  const conditions = [{ type: "Ready", status: "True", reason: "Succeeded", message, ...condition }];
  const status = { observedGeneration: 1, conditions, lastAppliedRevision: revision };
  return { ...object, status };
}

export const failing = (reason: string) => ({ status: "False", reason });

/** As Argo CD has it when all is well. */
export function healthy<T extends TestObject>(application: T, health = "Healthy"): T {
  const status = { health: { status: health }, resources: [{ kind: "Deployment", name: "web" }] };
  return { ...application, status };
}

/** The Lease of an engine that is running, of one shard where `name` says so. */
export function lease(
  namespace: string,
  renewTime = "2026-01-02T03:04:00.000000Z",
  name = "flamingo-loopback",
): TestObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, labels: { "app.kubernetes.io/name": "flamingo-loopback" } },
    spec: { holderIdentity: "host_1", renewTime },
  };
}
