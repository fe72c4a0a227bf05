/** Where an object comes from, as a record and as text. Pure. */
import type { Application } from "../../argo/application.js";
import { conditionOf } from "../../flux/condition.js";
import { deployedIn } from "../../flux/helm-release.js";
import { lastSuccessOf } from "../../flux/last-success.js";
import type { SourceChain } from "../../flux/source-chain.js";
import { sourceStatusOf } from "../../flux/sources.js";
import type { Applier } from "../../gather/applier.js";
import type { Lineage } from "../../gather/owners.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, type ObjectId, renderId } from "../../kube/object-id.js";
import { redact, stripCredentials } from "../../redact.js";

/** A record of `-o json` (schemas/trace.schema.json). */
export interface TraceRecord {
  object: ObjectId;
  /** whom it belongs to, the nearest first; `exists` is false of one that is gone or may not be read */
  owners: (ObjectId & { exists: boolean })[];
  /** null: it is not Flux's */
  workload: TracedWorkload | null;
  /** from where the content is, to what the workload itself fetches */
  sources: (ObjectId & { url: string | null; revision: string | null })[];
  applications: TracedApplication[];
  /** what contradicts itself, a sentence each */
  disagreements: string[];
  /** who set fields of the topmost owner, each once, and when last */
  managers: { name: string; time: string | null }[];
  /** the Helm release that it says it is of */
  helmRelease: { namespace: string | null; name: string } | null;
}

export interface TracedWorkload extends ObjectId {
  /** of the object and its owners the one that it applied */
  applied: ObjectId;
  by: Applier["by"];
  /** that it applied last */
  revision: string | null;
  /** of the Git repository that an OCI artifact was made from (Flux 2.5) */
  originRevision: string | null;
  /** when Flux last came to a good end with it */
  reconciledAt: string | null;
  ready: "True" | "False" | "Unknown";
  message: string | null;
}

export interface TracedApplication {
  namespace: string;
  name: string;
  /** of its page, where Argo CD is told its own address */
  url: string | null;
}

export interface Traced {
  lineage: Lineage;
  applier: Applier | undefined;
  disagreements: readonly string[];
  chain: SourceChain;
  applications: readonly Application[];
  /** `url` of argocd-cm */
  argoUrl: string | undefined;
}

export function traceRecord(traced: Traced): TraceRecord {
  const { lineage, applier, disagreements, chain, applications, argoUrl } = traced;
  const [object, ...owners] = lineage.chain as [LiveObject, ...LiveObject[]];
  const top = lineage.chain.at(-1) ?? object;
  const lost = lineage.lost ? [{ ...lineage.lost, exists: false }] : [];
  return {
    object: idOf(object),
    owners: [...owners.map((owner) => ({ ...idOf(owner), exists: true })), ...lost],
    workload: applier ? workloadOf(applier) : null,
    sources: chain.links.map(({ object: source }) => ({
      ...idOf(source),
      url: urlOf(source),
      revision: sourceStatusOf(source).artifact?.revision ?? null,
    })),
    applications: applications.map(({ metadata: { namespace = "", name } }) => ({
      ...{ namespace, name },
      url: argoUrl ? `${argoUrl.replace(/\/+$/, "")}/applications/${namespace}/${name}` : null,
    })),
    disagreements: [...disagreements],
    managers: managersOf(top),
    helmRelease: helmReleaseOf(top),
  };
}

function workloadOf({ workload, applied, by }: Applier): TracedWorkload {
  const { status = {} } = workload;
  const ready = conditionOf(workload, "Ready");
  const { kind } = workload;
  const release = kind === "HelmRelease" ? deployedIn(workload.status?.history)?.chartVersion : undefined;
  const origin = kind === "Kustomization" ? workload.status?.lastAppliedOriginRevision : undefined;
  return {
    ...idOf(workload),
    ...{ applied, by },
    revision: status.lastAppliedRevision ?? release ?? null,
    originRevision: origin ?? null,
    reconciledAt: lastSuccessOf(workload) ?? null,
    ready: ready?.status === "True" || ready?.status === "False" ? ready.status : "Unknown",
    message: ready?.message ? redact(ready.message) : null,
  };
}

function urlOf(source: LiveObject & { spec?: { url?: unknown } }): string | null {
  const { url } = source.spec ?? {};
  return typeof url === "string" ? stripCredentials(url) : null;
}

/** What the controller of a kind writes into its status says nothing of who made an object. */
function managersOf({ metadata }: LiveObject): TraceRecord["managers"] {
  const latest = new Map<string, string | null>();
  for (const { manager, time = null, subresource } of metadata.managedFields ?? []) {
    if (!manager || subresource) continue;
    const known = latest.get(manager) ?? null;
    latest.set(manager, known !== null && (time === null || known > time) ? known : time);
  }
  return [...latest].map(([name, time]) => ({ name, time }));
}

function helmReleaseOf({ metadata: { annotations = {} } }: LiveObject): TraceRecord["helmRelease"] {
  const name = annotations["meta.helm.sh/release-name"];
  return name ? { namespace: annotations["meta.helm.sh/release-namespace"] ?? null, name } : null;
}

/** Line by line: what is told, and what of it. */
export function linesOf(record: TraceRecord): [string, string][] {
  const { object, owners, workload, sources, applications } = record;
  const lines: [string, string][] = [["Object", renderId(object)]];
  for (const owner of owners)
    lines.push(["Owned by", `${renderId(owner)}${owner.exists ? "" : " (gone, or it may not be read)"}`]);
  if (!workload) return [...lines, ["Managed by", managedBy(record)]];
  lines.push(["Applied by", `${renderId(workload)} (by ${workload.by})`]);
  for (const source of sources)
    lines.push(["Source", `${renderId(source)}${source.url === null ? "" : `, ${source.url}`}`]);
  const { revision, originRevision, reconciledAt, ready, message } = workload;
  lines.push(["Revision", revision ?? "nothing was applied yet"]);
  if (originRevision !== null) lines.push(["Origin", originRevision]);
  lines.push(["Reconciled", reconciledAt ?? "not known"]);
  lines.push(["Ready", message === null ? ready : `${ready}, ${message}`]);
  for (const { namespace, name, url } of applications)
    lines.push(["Application", url === null ? `${name} in ${namespace}` : `${name} in ${namespace}, ${url}`]);
  if (applications.length === 0) lines.push(["Application", "none"]);
  return lines;
}

/** Who has an object in hand that is not Flux's: "the Helm release web in shop; kubectl". */
export function managedBy({ helmRelease, managers }: TraceRecord): string {
  const release = helmRelease
    ? [`the Helm release ${helmRelease.name}${helmRelease.namespace ? ` in ${helmRelease.namespace}` : ""}`]
    : [];
  const fields = managers.map(({ name, time }) => (time === null ? name : `${name} (${time})`));
  return [...release, ...fields].join(", ") || "nobody who says so";
}
