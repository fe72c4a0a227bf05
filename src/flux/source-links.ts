import type { LiveObject } from "../kube/object.js";
import { describeId, idOf } from "../kube/object-id.js";
import type { Situation } from "../loopback/answers/situation.js";
import { isSuspended } from "./reply.js";
import type { SourceLink } from "./source-chain.js";
import { ExternalArtifact, type HelmRepository, sourceKinds } from "./sources.js";

/** The sources that are to be fetched before a workload is reconciled, each before those that are made from it. */
export function sourcesToAsk({ chain, permitted }: Situation): SourceLink[] {
  return chain.links.filter(({ object }) => {
    const { deletionTimestamp } = object.metadata;
    return isFetched(object) && permitted(idOf(object)) && !isSuspended(object) && !deletionTimestamp;
  });
}

/** Which sources were left as they are, and why, for those who wonder about the result. */
export function unaskedSources({ chain, permitted }: Situation): string[] {
  const remarks = chain.links
    .map(({ object }) => object)
    .filter((object) => isFetched(object))
    .flatMap((object) => {
      if (!permitted(idOf(object))) return ["a source that the AppProject does not permit was not fetched"];
      return isSuspended(object) ? [`${describeId(idOf(object))} is suspended and was not fetched`] : [];
    });
  return [...new Set(remarks)];
}

/** Whether somebody reconciles it: an ExternalArtifact is the work of others, an OCI HelmRepository only an address. */
function isFetched(object: LiveObject): boolean {
  if (object.kind === ExternalArtifact.kind || sourceKinds[object.kind] === undefined) return false;
  return (object as HelmRepository).spec?.type !== "oci";
}
