import { grouped } from "../grouped.js";
import { andList } from "../text/and-list.js";
import { Deployment, type PodRunner, StatefulSet } from "./kinds.js";
import type { Reader } from "./kube.js";
import type { Kind } from "./object.js";
import { permitted } from "./permitted.js";

export interface PodRunners {
  /** those that were to be kept, Deployments first */
  runners: PodRunner[];
  /**
   * what could not be listed, as the end of a sentence, in one as a rule: "cannot list Deployments: deployments.apps is
   * forbidden: …; nor StatefulSets; nor those in argocd"
   */
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
      const where = everywhere.found ? [] : [...new Set(namespaces)];
      const some = await Promise.all(where.map((namespace) => list(kind, namespace)));
      return {
        runners: [everywhere, ...some].flatMap(({ found }) => found ?? []),
        unknown: everywhere.unknown.map((why) => ({
          kind,
          why,
          hidden: where.filter((_, index) => !some[index]?.found),
        })),
      };
    }),
  );
  return {
    runners: found.flatMap(({ runners }) => runners),
    unknown: inOne(found.flatMap(({ unknown }) => unknown)),
  };
}

/** A kind that cannot be listed in all namespaces. */
interface Unknown {
  kind: Kind;
  why: string;
  /** of the namespaces asked for, those in which it cannot be listed either */
  hidden: readonly string[];
}

/** Kinds that are unknown in the same places as one. */
function inOne(unknown: readonly Unknown[]): string[] {
  const alike = grouped(unknown.map((one) => [one.hidden.join(), one]));
  return [...alike.values()].map(([first, ...more]) =>
    [
      first?.why,
      ...more.map(({ kind }) => `nor ${kind.kind}s`),
      ...(first && first.hidden.length > 0 ? [`nor those in ${andList(first.hidden)}`] : []),
    ].join("; "),
  );
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
