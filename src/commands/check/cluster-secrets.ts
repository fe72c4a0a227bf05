import type { Secret } from "../../kube/kinds.js";
import { redactUrl } from "../../redact.js";
import { type Finding, finding } from "./finding.js";

export interface ClusterSecret {
  namespace: string;
  name: string;
  /** as Argo CD compares it: without slashes at the end */
  server: string;
}

/** Its credentials are not read further than the API server's answer. */
export function clusterSecretFrom({ metadata, data }: Secret): ClusterSecret {
  const server = Buffer.from(data?.["server"] ?? "", "base64")
    .toString("utf8")
    .replace(/\/+$/, "");
  return { namespace: metadata.namespace ?? "", name: metadata.name, server };
}

/** Two Secrets for one server: which of them Argo CD takes is not defined. */
export function clusterSecretFindings(secrets: readonly ClusterSecret[]): Finding[] {
  const firstOf = new Map<string, ClusterSecret>();
  return secrets.flatMap((secret) => {
    const { namespace, name, server } = secret;
    const first = firstOf.get(server);
    if (!first) {
      firstOf.set(server, secret);
      return [];
    }
    return [
      finding(
        "cluster-secret-duplicate",
        { kind: "Secret", namespace, name },
        {
          why: `it is for the cluster ${redactUrl(server)}, and so is the Secret ${first.name}: which of them Argo CD takes is not defined`,
          remedy: "Delete the one with the older credentials",
        },
      ),
    ];
  });
}
