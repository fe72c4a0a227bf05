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
  { mode, namespace, argocd, image, registry, pullSecret, anonymous }: InstallWish,
  origins: ReadonlyMap<string, Origin> = new Map(),
): ConfigMap | undefined {
  if (mode === "crds-only") return undefined;
  return {
    apiVersion: "v1",
    data: {
      anonymous: String(anonymous),
      argocd,
      engine: "fsa",
      flamingo: version,
      image,
      ...(pullSecret === undefined ? {} : { imagePullSecret: pullSecret }),
      mode,
      ...(origins.size === 0 ? {} : { objects: renderOrigins(origins) }),
      ...(registry === undefined ? {} : { registry }),
    },
    kind: ConfigMap.kind,
    metadata: { labels: { [label.managedBy]: managedByFlamingo }, ...recordRef(namespace) },
  };
}

/** What an earlier install was asked for, as far as it holds until something else is said. */
export interface Kept {
  mode?: InstallMode;
  anonymous?: boolean;
  registry?: string;
  pullSecret?: string;
}

export function keptBy({ data = {} }: ConfigMap): Kept {
  const { registry, imagePullSecret: pullSecret } = data;
  const mode = installModes.find((one) => one === data["mode"]);
  return {
    ...(mode === undefined ? {} : { mode }),
    anonymous: data["anonymous"] === "true",
    ...(registry === undefined ? {} : { registry }),
    ...(pullSecret === undefined ? {} : { pullSecret }),
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
