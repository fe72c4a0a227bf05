import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { argocdNamespace } from "./argocd-programs.js";

/** A write that the API server has carried out. */
export interface Write {
  /** when it was answered, in milliseconds since 1970 */
  at: number;
  /** the user */
  by: string;
  resource: "leases" | "applications" | "kustomizations";
  namespace: string;
  name: string;
  /** as it then was, without managed fields */
  object: Written;
}

/** The parts that are looked at. */
export interface Written {
  metadata: { resourceVersion: string; annotations?: Record<string, string> };
  spec?: { holderIdentity?: string };
  status?: {
    conditions?: { type: string; status: string; reason: string }[];
    lastAppliedRevision?: string;
    lastAttemptedRevision?: string;
    operationState?: {
      phase: string;
      startedAt: string;
      operation?: { initiatedBy?: { username?: string } };
      syncResult?: { revision?: string };
    };
  };
}

const verbs = ["create", "update", "patch"];

/** What the API server writes down: of the engine's Lease, of Applications and of Kustomizations every change with its result. */
const policy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  omitManagedFields: true,
  rules: [
    {
      level: "RequestResponse",
      verbs,
      namespaces: [argocdNamespace],
      resources: [{ group: "coordination.k8s.io", resources: ["leases"] }],
    },
    {
      level: "RequestResponse",
      verbs,
      resources: [
        { group: "argoproj.io", resources: ["applications"] },
        {
          group: "kustomize.toolkit.fluxcd.io",
          resources: ["kustomizations", "kustomizations/status"],
        },
      ],
    },
    { level: "None" },
  ],
};

/** Flags of an API server that keeps an audit log, and where that is. */
export async function auditing(folder: string): Promise<{ flags: string[]; log: string }> {
  const [file, log] = [join(folder, "audit-policy.json"), join(folder, "audit.log")];
  await writeFile(file, JSON.stringify(policy));
  // by itself it begins another file after 100 MB, which an hour of chaos makes in six minutes
  const size = "--audit-log-maxsize=100000";
  return { flags: [`--audit-policy-file=${file}`, `--audit-log-path=${log}`, size], log };
}

/** Every write of the log since then that was carried out, in the order in which etcd has taken them. */
export async function writesSince(log: string, since: Date): Promise<Write[]> {
  const writes: Write[] = [];
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const write = writeIn(line);
    if (write && write.at >= since.getTime()) writes.push(write);
  }
  return writes.sort((one, other) => versionOf(one) - versionOf(other));
}

interface AuditEvent {
  user: { username: string };
  objectRef: { resource: Write["resource"]; namespace: string; name: string };
  responseStatus?: { code: number };
  responseObject?: Written;
  stageTimestamp: string;
}

function writeIn(line: string): Write | undefined {
  const { user, objectRef, responseStatus, responseObject: object, stageTimestamp } = parsed(line) ?? {};
  if (!user || !objectRef || !object || (responseStatus?.code ?? 500) >= 300) return undefined;
  const { resource, namespace, name } = objectRef;
  const { metadata, spec = {}, status = {} } = object;
  const { conditions, lastAppliedRevision, lastAttemptedRevision, operationState } = status;
  return {
    at: Date.parse(stageTimestamp ?? ""),
    by: user.username,
    ...{ resource, namespace, name },
    object: {
      metadata,
      spec: { holderIdentity: spec.holderIdentity ?? "" },
      status: {
        ...(conditions ? { conditions } : {}),
        ...(lastAppliedRevision ? { lastAppliedRevision } : {}),
        ...(lastAttemptedRevision ? { lastAttemptedRevision } : {}),
        ...(operationState ? { operationState } : {}),
      },
    },
  };
}

/** Undefined for half a line: an API server was killed while it wrote. */
function parsed(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch {
    return undefined;
  }
}

const versionOf = ({ object }: Write): number => Number(object.metadata.resourceVersion);
