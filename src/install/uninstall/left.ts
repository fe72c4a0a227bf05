import { installedArgos } from "../../argo/installed/installed.js";
import { CustomResourceDefinition, Namespace } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { Kind, LiveObject } from "../../kube/object.js";
import { idOf, keyOf } from "../../kube/object-id.js";
import { permitted } from "../../kube/permitted.js";
import { readPodRunners } from "../../kube/pod-runner.js";
import { resourceName } from "../../kube/resource.js";
import { servedKinds } from "../../kube/served-kinds.js";
import { isArgoComponent } from "../../survey/argo.js";
import { isLeft } from "../live.js";
import { argoKinds, type Installed, type Present, readEverywhere, readWithin } from "./installed.js";

/** What an install made of which no record tells. */
export interface Left extends Installed {
  /** the namespace is left, too */
  hasHome: boolean;
}

/**
 * The namespace of an install that was interrupted before its record, or that an uninstall was told to leave, and CRDs that were
 * installed alone, or left. Undefined where there are none, and where an Argo CD runs, which needs them.
 *
 * @param crds whether those are looked for
 */
export async function readLeft(kube: Kube, namespace: string, crds: boolean): Promise<Left | undefined> {
  const runners = await readPodRunners(kube, [namespace], isArgoComponent);
  const argos = installedArgos(runners);
  const isUsed = argos.some((argo) => argo.namespace === namespace);
  const [home, left] = await Promise.all([
    isUsed ? [] : findLeft(kube, Namespace, namespace),
    crds && argos.length === 0
      ? Promise.all(argoKinds.map((kind) => findLeft(kube, CustomResourceDefinition, resourceName(kind))))
      : [],
  ]);
  const made = [...home, ...left.flat()];
  if (made.length === 0) return undefined;
  const hasHome = home.length > 0;
  const [within, everywhere] = await Promise.all([
    hasHome ? readWithin(kube, namespace, await servedKinds(kube)) : { found: [], unseen: [] },
    readEverywhere(kube),
  ]);
  return {
    hasHome,
    namespace,
    origins: new Map(made.map(({ object }) => [keyOf(idOf(object)), "created"])),
    there: [...made, ...within.found, ...everywhere.found],
    unseen: within.unseen,
    bindings: [],
    argos,
    places: [],
    othersUnseen: [...runners.unknown, ...everywhere.unknown],
    applications: [],
    heldBy: undefined,
  };
}

async function findLeft(kube: Kube, kind: Kind<LiveObject>, name: string): Promise<Present[]> {
  const { found } = await permitted(kube.find(kind, { name }));
  return found && isLeft(found) ? [{ object: found, kind }] : [];
}
