import { Node } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { permitted } from "../kube/permitted.js";

export interface Platforms {
  /** "linux/amd64", sorted, each once; none where there is no Node yet */
  platforms: string[];
  /** why they are not known, or not all of them: "cannot list Nodes: …" */
  unknown?: string;
}

/** What images must be built for to run in this cluster. One request for 500 Nodes. */
export async function readPlatforms(kube: Kube): Promise<Platforms> {
  const { found, unknown } = await permitted(listPlatforms(kube));
  if (!found) return { platforms: [], unknown: unknown.join("; ") };
  const platforms = [...new Set(found.values())].filter((platform) => platform !== undefined).sort();
  const silent = [...found].filter(([, platform]) => platform === undefined).map(([name]) => name);
  if (silent.length === 0) return { platforms };
  const more = silent.length > 1 ? ` (and ${silent.length - 1} more)` : "";
  return { platforms, unknown: `Node ${silent[0]}${more} does not tell its platform` };
}

async function listPlatforms(kube: Kube): Promise<Map<string, string | undefined>> {
  const found = new Map<string, string | undefined>();
  for await (const page of kube.list(Node)) {
    for (const node of page) found.set(node.metadata.name, platformOf(node));
  }
  return found;
}

/** A virtual Node may have labels only. */
function platformOf({ status, metadata: { labels = {} } }: Node): string | undefined {
  const os = status?.nodeInfo?.operatingSystem || labels["kubernetes.io/os"];
  const architecture = status?.nodeInfo?.architecture || labels["kubernetes.io/arch"];
  return os && architecture ? `${os}/${architecture}` : undefined;
}
