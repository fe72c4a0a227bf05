import { UserError, usageError } from "../errors.js";
import { shortKind, type WorkloadKind, workloadKinds } from "../flux/workload.js";
import { nameProblem } from "../text/names.js";

/** `[CLUSTER/]KIND/NAME` as typed. */
export interface WorkloadRef {
  cluster?: string;
  kind: WorkloadKind;
  name: string;
}

const kindWords: ReadonlyMap<string, WorkloadKind> = new Map(
  (Object.keys(workloadKinds) as WorkloadKind[]).flatMap((name) => {
    const { group, plural } = workloadKinds[name];
    const words = [shortKind[name], name.toLowerCase(), plural, `${plural}.${group}`];
    return words.map((word) => [word, name] as const);
  }),
);

/** The kind that a word stands for, in any letter case: "ks", "Kustomization", "helmreleases.helm.toolkit.fluxcd.io". */
export function workloadKindNamed(word: string): WorkloadKind | undefined {
  return kindWords.get(word.toLowerCase());
}

const form = "Write [CLUSTER/]KIND/NAME, such as ks/podinfo or hr/podinfo";

/**
 * Reads a REF. The kind may be in any letter case; a cluster's name may hold "/" (EKS ARNs), since the last two parts
 * are kind and name.
 *
 * @throws UserError with exit code 2 that says what is wrong with it
 */
export function parseWorkloadRef(text: string): WorkloadRef {
  const parts = text.split("/");
  const name = parts.pop() ?? "";
  const word = parts.pop();
  if (word === undefined) {
    const guess = nameProblem(name)
      ? form
      : `Write ks/${name} for a Kustomization, hr/${name} for a HelmRelease`;
    throw usageError(`${JSON.stringify(text)} does not say which kind it is`, guess);
  }
  const kind = workloadKindNamed(word);
  if (!kind) {
    throw usageError(
      `${JSON.stringify(text)} names the kind ${JSON.stringify(word)}, which is no Flux workload`,
      "Kinds are ks (kustomization), hr (helmrelease), rset (resourceset) and fi (fluxinstance), and their plurals",
    );
  }
  if (name === "") throw usageError(`${JSON.stringify(text)} has no name`, form);
  const problem = nameProblem(name);
  if (problem) throw usageError(`${JSON.stringify(name)} is no name of a ${kind}: ${problem}`, form);
  if (parts.length === 0) return { kind, name };
  const cluster = parts.join("/");
  if (cluster === "") throw usageError(`${JSON.stringify(text)} has an empty cluster name`, form);
  return { cluster, kind, name };
}

/** @throws UserError for a REF that names another cluster */
export function refOnThisCluster(ref: WorkloadRef): WorkloadRef {
  if (ref.cluster === undefined) return ref;
  throw new UserError(`Cannot read from the cluster ${ref.cluster}: CLUSTER/KIND/NAME is not supported yet`, {
    hint: `Read it by its own context: --context CONTEXT --server URL --export`,
  });
}
