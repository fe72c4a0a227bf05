import { usageError } from "../errors.js";
import { type ToolkitKind, toolkitKinds, type WorkloadKind } from "../flux/workload.js";
import { parseLabelSelector } from "../kube/label-selector.js";
import { workloadKindNamed } from "../workloads/ref.js";
import type { WorkloadFilter } from "../workloads/selection.js";
import { type OptionsOf, parsed, text, toggle } from "./flag.js";

/**
 * The flags that choose among many workloads.
 *
 * @param many the flag that takes many at all, without which these mean nothing
 */
export function workloadFlags(many: "--all" | "--auto") {
  return {
    allNamespaces: toggle("-A, --all-namespaces", `with ${many}: in every namespace`),
    kind: parsed(
      "--kind <ks|hr|rset|fi>",
      `with ${many}: only Kustomizations, HelmReleases, ResourceSets or FluxInstances (default ks and hr)`,
      (word): WorkloadKind => {
        const kind = workloadKindNamed(word);
        if (!kind)
          throw usageError(`--kind ${JSON.stringify(word)} is no Flux workload`, "Choose ks, hr, rset or fi");
        return kind;
      },
    ),
    selector: text("-l, --selector <selector>", `with ${many}: only workloads with these labels`),
  };
}

type Options = OptionsOf<ReturnType<typeof workloadFlags>>;

/**
 * What these flags say.
 *
 * @throws UserError with exit code 2 for what is no label selector
 */
export function filterFrom({ allNamespaces, kind, selector }: Options): WorkloadFilter {
  if (selector !== undefined && !parseLabelSelector(selector)) {
    throw usageError(
      `-l ${JSON.stringify(selector)} is no label selector`,
      "Write it as kubectl does: team=web,tier!=db",
    );
  }
  return {
    everywhere: allNamespaces ?? false,
    kinds: kind ? [kind] : (Object.keys(toolkitKinds) as ToolkitKind[]),
    labels: selector,
  };
}

/** The first of these flags that was given, such as "-A": for a command line without the flag that they go with. */
export function firstGiven({ allNamespaces, kind, selector }: Options): string | undefined {
  const given = { "-A": allNamespaces, "--kind": kind, "-l": selector };
  return Object.entries(given).find(([, value]) => value !== undefined)?.[0];
}
