/** What an Application says of itself. Each answer is there for every Application that was read, whoever wrote it. */
import { Kustomization } from "../flux/kustomization.js";
import { isWorkloadId, isWorkloadKind, workloadKinds } from "../flux/workload.js";
import { type ObjectId, renderId } from "../kube/object-id.js";
import {
  annotation,
  inClusterName,
  inClusterServer,
  label,
  managedByFlamingo,
  syncOption,
} from "../names.js";
import type { Application, Engine } from "./application.js";

/** Selects the Applications that flamingo made. */
export const generatedSelector = `${label.managedBy}=${managedByFlamingo}`;

/** Whether flamingo made it, this one or the Go CLI. */
export function isGenerated({ metadata }: Application): boolean {
  return metadata.labels?.[label.managedBy] === managedByFlamingo;
}

/**
 * The engine that it is for, by its annotation (loopback) or its sync option (fsa; the Go CLI knows no other). Undefined for
 * neither: whoever made it, it is Argo CD's own. The annotation comes first: what Argo CD leaves alone no FSA image shows,
 * whatever sync option somebody adds.
 */
export function engineOf({ metadata, spec }: Application): Engine | undefined {
  if (metadata.annotations?.[annotation.engine] === "loopback") return "loopback";
  return spec?.syncPolicy?.syncOptions?.includes(syncOption.fluxSubsystem) ? "fsa" : undefined;
}

/** Whether Argo CD's own controller leaves it alone. */
export function skipsReconcile({ metadata }: Application): boolean {
  return metadata.annotations?.[annotation.skipReconcile] === "true";
}

/**
 * Whether `flamingo loopback` speaks for it. It is "lost" when it is of that engine and Argo CD's own controller does not leave it
 * alone any more.
 */
export function loopbackStateOf(application: Application): "ours" | "lost" | "other" {
  if (engineOf(application) !== "loopback") return "other";
  return skipsReconcile(application) ? "ours" : "lost";
}

/**
 * The workload that it shows. What is not recorded is filled in as an FSA image does it: by the Application's own name, and as
 * a Kustomization. A kind that this release does not know, which a newer one may have recorded, has no group (`isWorkloadId()`).
 */
export function shownBy(application: Application): ObjectId {
  const kind = recorded(application, "workloadType") || Kustomization.kind;
  const { namespace = recorded(application, "destinationNamespace") } = application.spec?.destination ?? {};
  const name = recorded(application, "workloadName") || application.metadata.name;
  const group = isWorkloadKind(kind) ? workloadKinds[kind].group : "";
  return { group, kind, namespace: namespace ?? "", name };
}

/** Why nothing can be told of what it shows: a newer flamingo has made it; undefined where something can. */
export function unknownBecause(application: Application): string | undefined {
  const shown = shownBy(application);
  return isWorkloadId(shown)
    ? undefined
    : `it shows ${renderId(shown)}, a kind of workload that this release of flamingo does not know`;
}

/**
 * Whether it shows what it was made for: nobody has changed or taken away what was recorded then, or sent it to another
 * namespace.
 */
export function isAsMade(application: Application): boolean {
  const { namespace } = shownBy(application);
  return recordsBesides(application).length === 0 && application.spec?.destination?.namespace === namespace;
}

/** What its labels say otherwise than it shows, as ends of a sentence: "flamingo/workload-name is missing". */
export function recordsBesides(application: Application): string[] {
  const { kind, namespace, name } = shownBy(application);
  const shown = { workloadType: kind, workloadName: name, destinationNamespace: namespace } as const;
  return Object.entries(shown).flatMap(([what, value]) => {
    const said = recorded(application, what as keyof typeof shown);
    return said === value ? [] : [`${label[what as keyof typeof shown]} is ${said ?? "missing"}`];
  });
}

/** The kind of source that its workload had when it was made. */
export function recordedSourceType(application: Application): string | undefined {
  return recorded(application, "sourceType");
}

/** Argo CD's name of the cluster that it was made for. */
export function recordedCluster(application: Application): string | undefined {
  return recorded(application, "clusterName");
}

/** A value that is no label value is kept as an annotation of the same key. */
function recorded({ metadata }: Application, what: keyof typeof label): string | undefined {
  return metadata.labels?.[label[what]] ?? metadata.annotations?.[label[what]];
}

/**
 * The cluster that its workload is on: the address of Argo CD's own, also when it stands there by its name; of another one the
 * name or address that the Application has. Undefined when it has neither.
 *
 * @param ownName what Argo CD's own is called there, beside "in-cluster"
 */
export function clusterOf({ spec }: Application, ownName?: string): string | undefined {
  const { server, name } = spec?.destination ?? {};
  const isOwn = server === inClusterServer || (name && [inClusterName, ownName].includes(name));
  return isOwn ? inClusterServer : name || server || undefined;
}

/** Whether its workload is on another cluster than Argo CD's own, or nobody knows where. */
export function isElsewhere(application: Application, ownName?: string): boolean {
  return clusterOf(application, ownName) !== inClusterServer;
}

/** Whether `flamingo loopback --auto` made it, which removes it when its workload is gone. */
export function isMadeByAuto({ metadata }: Application): boolean {
  return metadata.annotations?.[annotation.auto] === "true";
}

/** Whether deleting it is to delete its Flux objects, too. */
export function cascadesToFlux({ metadata }: Application): boolean {
  return metadata.annotations?.[annotation.cascade] === "flux";
}
