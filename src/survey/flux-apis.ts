import type { Kube } from "../kube/kube.js";
import { servedVersionsOf } from "../kube/served-kinds.js";
import { type FluxApis, fluxKinds } from "../support-matrix/flux-apis.js";

/** What decides which FSA image shows something. Nothing of Flux served is an answer, too: see `servesFlux()`. */
export async function readFluxApis(kube: Kube): Promise<FluxApis> {
  return { served: await servedVersionsOf(kube, fluxKinds) };
}
