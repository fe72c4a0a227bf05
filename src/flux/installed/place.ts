import type { KubeObject } from "../../kube/object.js";
import { andList } from "../../text/and-list.js";

type Placed = Pick<KubeObject, "kind"> & { metadata: { name: string; namespace?: string | undefined } };

/** "Deployment source-controller in flux-system", "CRD gitrepositories.source.toolkit.fluxcd.io" */
export function placeOf(object: Placed): string {
  return placesOf([object]);
}

/** "Deployments helm-controller and source-controller in flux-system and Deployment flux in cozy-fluxcd" */
export function placesOf(objects: readonly Placed[]): string {
  const names = new Map<string, Set<string>>();
  const groups = new Map<string, Placed>();
  for (const object of objects) {
    const key = `${object.kind} ${object.metadata.namespace ?? ""}`;
    groups.set(key, object);
    names.set(key, (names.get(key) ?? new Set()).add(object.metadata.name));
  }
  return andList(
    [...groups].map(([key, { kind, metadata }]) => {
      const all = [...(names.get(key) ?? [])].sort();
      const word = kind === "CustomResourceDefinition" ? "CRD" : kind;
      const where = metadata.namespace === undefined ? "" : ` in ${metadata.namespace}`;
      return `${word}${all.length > 1 ? "s" : ""} ${andList(all)}${where}`;
    }),
  );
}
