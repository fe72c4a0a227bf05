import { Deployment, type PodRunner, StatefulSet } from "./kinds.js";
import type { Reader } from "./kube.js";
import type { Kind } from "./object.js";
import { permitted } from "./permitted.js";

export interface PodRunners {
  /** those that were to be kept, Deployments first */
  runners: PodRunner[];
  /** what could not be listed, as the end of a sentence: "cannot list Deployments: deployments.apps is forbidden: …" */
  unknown: string[];
}

/**
 * The Deployments and StatefulSets of all namespaces that `keep` wants; of the given namespaces only, where the right to
 * list those of all is missing. Only what is kept stays in memory.
 */
export async function readPodRunners(
  reader: Reader,
  namespaces: readonly string[],
  keep: (runner: PodRunner) => boolean,
): Promise<PodRunners> {
  const list = (kind: Kind<PodRunner>, namespace?: string) =>
    permitted(listRunners(reader, kind, namespace, keep));
  const found = await Promise.all(
    [Deployment, StatefulSet].map(async (kind) => {
      const everywhere = await list(kind);
      if (everywhere.found) return [everywhere];
      const some = [...new Set(namespaces)].map((namespace) => list(kind, namespace));
      return [everywhere, ...(await Promise.all(some))];
    }),
  );
  return {
    runners: found.flat().flatMap(({ found }) => found ?? []),
    unknown: found.flat().flatMap(({ unknown }) => unknown),
  };
}

async function listRunners(
  reader: Reader,
  kind: Kind<PodRunner>,
  namespace: string | undefined,
  keep: (runner: PodRunner) => boolean,
): Promise<PodRunner[]> {
  const runners: PodRunner[] = [];
  for await (const page of reader.list(kind, { namespace })) runners.push(...page.filter(keep));
  return runners;
}
