import { nameFor } from "../../applications/names.js";
import { type ArgoFinding, engineUnasked } from "../../argo/engine.js";
import { engineOf } from "../../argo/generated.js";
import { tracksByLabel } from "../../argo/tracking.js";
import { isForbidden } from "../../kube/failure.js";
import { ConfigMap } from "../../kube/kinds.js";
import type { Reader } from "../../kube/kube.js";
import type { KubeObject } from "../../kube/object.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import type { Input } from "../../workloads/input.js";
import { onlyRef } from "../../workloads/selection.js";
import type { Deps } from "../deps.js";
import type { Namespaces } from "../namespaces.js";
import { enginesFor, sameForAll } from "./engines.js";
import { findArgo } from "./find-argo.js";
import { type Existing, findExisting } from "./find-existing.js";
import type { Target } from "./plan.js";
import type { Request } from "./request.js";

/** Looks at the cluster that the Applications are for, as far as the command line lets it matter. */
export async function findTarget(
  request: Request,
  input: Input,
  deps: Pick<Deps, "namespaces" | "kube">,
): Promise<Target> {
  const { namespaces } = deps;
  const common = {
    namespace: namespaces.app,
    fileOf: (source: KubeObject) => input.files?.reader.fileOf(source),
  };
  if (!request.looksAtArgo) {
    const argo: ArgoFinding = { found: "unasked" };
    const engines = sameForAll(engineUnasked(request.engine));
    return { ...common, argo, engines, existing: new Map(), labelTracking: true };
  }
  const kube = await deps.kube();
  // one after the other, beside the workloads: a third connection costs more than it saves
  const argo = await findArgo(kube, namespaces.argocd);
  const existing = await existingFor(request, kube, namespaces);
  const engines = await enginesFor(request, argo, () => readFluxApis(kube));
  const mayBeFsa =
    engines.mayBeFsa || [...existing.values()].some((application) => engineOf(application) === "fsa");
  const labelTracking = mayBeFsa && (await findTracking(kube, namespaces.argocd));
  return { ...common, argo, engines, existing, labelTracking };
}

async function existingFor(request: Request, kube: Reader, namespaces: Namespaces): Promise<Existing> {
  const { action, engine } = request;
  const writes = action.do === "apply" || action.do === "diff";
  // what is only printed needs the Applications that are there for their engine alone
  if (!writes && engine !== "auto") return new Map();
  return findExisting(kube, namespaces.app, nameOf(request, namespaces.flux), !writes);
}

/** The Application's name, where there is one only: it can be told before the workload is read. */
function nameOf(request: Request, namespace: string): string | undefined {
  const ref = onlyRef(request.selection);
  return ref && nameFor({ ...ref, namespace }, request.naming);
}

/** Whether Argo CD tracks by label; so it does by default up to 2.14, and so we say where we may not look. */
async function findTracking(kube: Reader, namespace: string): Promise<boolean> {
  try {
    return tracksByLabel(await kube.find(ConfigMap, { name: "argocd-cm", namespace }));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return true;
  }
}
