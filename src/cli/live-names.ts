import { Application } from "../argo/application.js";
import { generatedSelector } from "../argo/generated.js";
import type { Deps } from "../commands/deps.js";
import { connectionFlags, type GlobalOptions } from "../commands/global-flags.js";
import { shortKind, workloadKinds } from "../flux/workload.js";
import { loadKubeconfig } from "../kube/access/kubeconfig.js";
import { Namespace } from "../kube/kinds.js";
import type { ListOptions } from "../kube/kube.js";
import type { Kind } from "../kube/object.js";
import { workloadKindNamed } from "../workloads/ref.js";
import type { Names } from "./completion.js";

/**
 * Names of a kind as the kubeconfig and the cluster have them; none of files, which shells find by themselves.
 *
 * @param typed what the word begins with: of a REF it tells the kind
 * @throws UserError when they cannot be read
 */
export async function liveNames(
  kind: Names,
  typed: string,
  options: GlobalOptions,
  deps: Deps,
): Promise<string[]> {
  switch (kind) {
    case "file":
    case "folder":
      return [];
    case "context":
      return [...(await loadKubeconfig(connectionFlags(options), deps)).contexts.keys()];
    case "cluster":
      return [...(await loadKubeconfig(connectionFlags(options), deps)).clusters.keys()];
    case "namespace":
      return namesOf(deps, Namespace);
    case "workload":
      return refs(deps, typed);
    case "application":
      return namesOf(deps, Application, { namespace: deps.namespaces.app, labels: generatedSelector });
  }
}

/** "ks/podinfo", "hr/podinfo" and so on; of "kustomizations/p" those of that kind, as it was written. */
async function refs(deps: Deps, typed: string): Promise<string[]> {
  const [word = "", ...rest] = typed.split("/");
  const words = rest.length === 0 ? Object.values(shortKind) : [word];
  const namespace = deps.namespaces.flux;
  const found = await Promise.all(
    words.map(async (kindWord) => {
      const name = workloadKindNamed(kindWord);
      const names = name ? await namesOf(deps, workloadKinds[name] as Kind, { namespace }) : [];
      return names.map((one) => `${kindWord}/${one}`);
    }),
  );
  return found.flat();
}

async function namesOf(deps: Deps, kind: Kind, wanted: ListOptions = {}): Promise<string[]> {
  const kube = await deps.kube();
  const names: string[] = [];
  for await (const page of kube.list(kind, { ...wanted, metadataOnly: true }))
    names.push(...page.map(({ metadata }) => metadata.name));
  return names;
}
