import type { ArgoFinding } from "../../argo/engine.js";
import type { Workload } from "../../flux/workload.js";
import { combinationOf } from "../../support-matrix/combination.js";
import type { FluxApis } from "../../support-matrix/flux-apis.js";
import { neverShown } from "../../support-matrix/never-shown.js";
import { ownMatrix } from "../../support-matrix/read-matrix.js";
import { shortfallOf } from "../../support-matrix/shortfall.js";

/** What the Argo CD that runs does not show of a workload by the engine fsa, as a clause; undefined for nothing that is known. */
export type ImageLimits = (workload: Workload) => string | undefined;

/** @param readApis what the cluster serves of Flux: asked only where an FSA image runs */
export async function imageLimits(
  argo: ArgoFinding,
  readApis: () => Promise<FluxApis>,
): Promise<ImageLimits> {
  if (argo.found === "none") return () => `no Argo CD runs in ${argo.namespace} to show it`;
  if (argo.found !== "image" || argo.image.flavour === "unknown") return () => undefined;
  const { image, flavour, version } = argo.image;
  if (flavour === "stock")
    return () => `the Argo CD v${version} that runs is no FSA image, and shows nothing of it`;
  const { outlookOfRunning } = await import("../../support-matrix/outlook.js");
  const matrix = ownMatrix();
  const apis = await readApis();
  return (workload) => {
    const shortfall = shortfallOf(outlookOfRunning(matrix, image, apis, combinationOf(workload)));
    const never = neverShown(workload).map(({ text }) => text);
    return [...(shortfall === undefined ? [] : [shortfall]), ...never].join(", ") || undefined;
  };
}
