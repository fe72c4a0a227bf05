import { type Engine, engines } from "../argo/application.js";
import { parseShard } from "../argo/shard.js";
import { ConfigMap } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { label, managedByFlamingo } from "../names.js";
import { version } from "../version.js";
import { type InstallMode, type InstallWish, installModes } from "./install-objects.js";

/** What an install did to an object the first time. */
export type Origin = "created" | "changed";

/** Where flamingo remembers an install, so that another one and an uninstall know what they may do. */
export function recordRef(namespace: string) {
  return { name: "flamingo-install", namespace };
}

export function isRecord(object: KubeObject): boolean {
  return isOfKind(object, ConfigMap) && object.metadata.name === recordRef("").name;
}

/**
 * What was asked for and what became of it.
 *
 * @param origins by `keyOf()`; none in what is exported, which somebody else applies
 * @returns undefined for CRDs alone: there is no namespace to keep it in
 */
export function recordFor(
  wish: InstallWish,
  origins: ReadonlyMap<string, Origin> = new Map(),
): ConfigMap | undefined {
  const { mode, namespace, argocd, image, registry, pullSecret, anonymous, ha, engine } = wish;
  if (mode === "crds-only") return undefined;
  const { auto } = engine ?? {};
  const data: Record<string, string | undefined> = {
    ...(argocd === undefined ? {} : { anonymous: String(anonymous) }),
    argocd,
    auto: engine && String(auto !== undefined),
    cascade: engine?.cascade ? "flux" : undefined,
    engine: engine ? "loopback" : "fsa",
    flamingo: version,
    flamingoImage: engine?.image,
    ha: ha ? "true" : undefined,
    image,
    imagePullSecret: pullSecret,
    mode,
    objects: origins.size === 0 ? undefined : renderOrigins(origins),
    project: auto?.project,
    projectTemplate: auto?.projectTemplate,
    registry,
    serviceMonitor: engine?.serviceMonitor ? "true" : undefined,
    shards: engine && engine.shards > 1 ? String(engine.shards) : undefined,
  };
  const told = Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    apiVersion: "v1",
    data: Object.fromEntries(told),
    kind: ConfigMap.kind,
    metadata: { labels: { [label.managedBy]: managedByFlamingo }, ...recordRef(namespace) },
  };
}

/** What an earlier install was asked for, as far as it holds until something else is said. */
export interface Kept {
  mode?: InstallMode | undefined;
  /** the Argo CD that it brought: "v3.6.1"; undefined: it was somebody else's */
  argocd?: string | undefined;
  /** of its containers, where it is not the stock one */
  image?: string | undefined;
  anonymous?: boolean;
  ha?: boolean;
  registry?: string | undefined;
  pullSecret?: string | undefined;
  engine?: Engine | undefined;
  auto?: boolean | undefined;
  project?: string | undefined;
  projectTemplate?: string | undefined;
  /** the engine may delete Flux objects; undefined: it may not */
  cascade?: "flux" | undefined;
  serviceMonitor?: boolean;
  shards?: number;
  /** the engine's, and the version of flamingo that chose it */
  flamingoImage?: string | undefined;
  flamingo?: string | undefined;
}

export function keptBy({ data = {} }: ConfigMap): Kept {
  const { argocd, image, registry, imagePullSecret, auto, project, projectTemplate } = data;
  return {
    mode: installModes.find((one) => one === data["mode"]),
    argocd,
    image,
    anonymous: data["anonymous"] === "true",
    ha: data["ha"] === "true",
    registry,
    pullSecret: imagePullSecret,
    engine: engines.find((one) => one === data["engine"]),
    auto: auto === undefined ? undefined : auto === "true",
    project,
    projectTemplate,
    cascade: data["cascade"] === "flux" ? "flux" : undefined,
    serviceMonitor: data["serviceMonitor"] === "true",
    shards: parseShard(`1/${data["shards"]}`)?.count ?? 1,
    flamingoImage: data["flamingoImage"],
    flamingo: data["flamingo"],
  };
}

/** What a record that is there says of its objects; lines that nobody of ours wrote say nothing. */
export function originsIn(record: ConfigMap | undefined): Map<string, Origin> {
  const lines = record?.data?.["objects"]?.split("\n") ?? [];
  return new Map(
    lines.flatMap((line) => {
      const [, key, origin] = /^(\S+) (created|changed)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, origin as Origin] as const];
    }),
  );
}

/** "apps/Deployment/argocd/argocd-server created", a line each. */
function renderOrigins(origins: ReadonlyMap<string, Origin>): string {
  const lines = [...origins].map(([key, origin]) => `${key} ${origin}\n`);
  return lines.sort().join("");
}
