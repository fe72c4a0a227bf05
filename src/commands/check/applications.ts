import type { Application } from "../../argo/application.js";
import { type ExistingApplication, existingFrom } from "../../argo/existing.js";
import { annotation, inClusterServer, syncOption } from "../../names.js";

/** What the check needs of an Application: thousands are held at once. */
export interface AppRecord {
  namespace: string;
  name: string;
  generated: boolean;
  /** the workload that it shows, of those that flamingo made */
  shows: ExistingApplication["shows"];
  /** it has the sync option that an FSA image looks for */
  usesFsa: boolean;
  /** Argo CD's own controller leaves it alone */
  skipsReconcile: boolean;
  /** the objects that Argo CD itself manages with it, in this cluster: {@link resourceKey} */
  resources: readonly string[];
}

/** Application, argoproj.io/v1alpha1: what Argo CD writes of the objects that it manages. */
interface Reported extends Application {
  status?: { resources?: { group?: string; kind: string; namespace?: string; name: string }[] };
}

/** One text for one object, whatever API version it is read in. */
export function resourceKey(object: {
  group?: string;
  kind: string;
  namespace?: string;
  name: string;
}): string {
  return `${object.group ?? ""}/${object.kind}/${object.namespace ?? ""}/${object.name}`;
}

export function appRecordFrom(application: Application): AppRecord {
  const { metadata, spec } = application;
  const { generated, shows } = existingFrom(application);
  const usesFsa = spec.syncPolicy?.syncOptions?.includes(syncOption.fluxSubsystem) ?? false;
  const skipsReconcile = metadata.annotations?.[annotation.skipReconcile] === "true";
  const { server, name } = spec.destination as { server?: string; name?: string };
  const isHere = server === inClusterServer || name === "in-cluster";
  // what an FSA image or flamingo reports is Flux's
  const isNative = !usesFsa && !skipsReconcile && isHere;
  const resources = isNative ? ((application as Reported).status?.resources ?? []).map(resourceKey) : [];
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    generated,
    shows,
    usesFsa,
    skipsReconcile,
    resources,
  };
}

/** "Kustomization/flux-system/podinfo" of the workload that an Application of flamingo shows. */
export function workloadKey({ kind, namespace, name }: Omit<ExistingApplication["shows"], "server">): string {
  return `${kind}/${namespace}/${name}`;
}
