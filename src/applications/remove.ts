import { Application } from "../argo/application.js";
import { withoutArgoFinalizers } from "../argo/finalizer.js";
import { cascadesToFlux } from "../argo/generated.js";
import { isConflict, isMissing } from "../kube/failure.js";
import type { Kube } from "../kube/kube.js";
import { annotation } from "../names.js";

/**
 * What became of an Application: "gone", "going" as soon as somebody else's finalizers are, "changed" since it was read, so that
 * nothing was done, or it was "missing" already.
 */
export type RemovalOutcome = "gone" | "going" | "changed" | "missing";

/**
 * Deletes an Application and nothing else. Argo CD's finalizers stand for a cascade, and nobody takes them away where Argo CD
 * does not reconcile: they go first, and with them the wish that Flux objects go, too. Whoever changes the Application at the same
 * time, to keep it, is faster.
 *
 * @throws UserError when it could not be deleted
 */
export async function removeApplication(
  kube: Pick<Kube, "mergePatch" | "delete">,
  application: Application,
  fieldManager: string,
): Promise<RemovalOutcome> {
  const { name, namespace, uid, resourceVersion, finalizers = [] } = application.metadata;
  const ref = { name, namespace };
  const others = withoutArgoFinalizers(finalizers);
  const isBare = others.length === finalizers.length && !cascadesToFlux(application);
  const metadata = { finalizers: others, annotations: { [annotation.cascade]: null } };
  try {
    const bare = isBare
      ? application
      : await kube.mergePatch(Application, ref, { metadata }, { fieldManager, resourceVersion });
    const wasThere = await kube.delete(Application, ref, {
      propagationPolicy: "Background",
      preconditions: { uid, resourceVersion: bare.metadata.resourceVersion },
    });
    // of one that hung there was nothing left but these finalizers
    if (!wasThere) return isBare ? "missing" : "gone";
    return others.length > 0 ? "going" : "gone";
  } catch (error) {
    if (isMissing(error)) return "missing";
    if (isConflict(error)) return "changed";
    throw error;
  }
}
