import { describeArgo } from "../../argo/installed/describe.js";
import { sharedNames } from "../../argo/installed/disagreements.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import { newerThanKnown } from "../../argo/versions.js";
import { andList } from "../../text/and-list.js";
import { type Finding, type FoundObject, finding } from "./finding.js";

/** The Argo CD that is looked at, and others that there are. */
export function argoIn(namespace: string, argos: readonly InstalledArgo[]) {
  return {
    argo: argos.find((one) => one.namespace === namespace),
    others: argos.filter((one) => one.namespace !== namespace),
  };
}

/** What an Argo CD runs its Applications by: what findings about the whole of it are about. */
export function controllerOf({ components, namespace }: InstalledArgo): FoundObject {
  const [first] = components;
  const telling = components.find(({ role }) => role === "application-controller") ?? first;
  return telling
    ? { kind: telling.kind, namespace, name: telling.name }
    : { kind: "Namespace", namespace: null, name: namespace };
}

/** @param unknown something could not be listed, so it may be there and unseen */
export function argoMissing(
  namespace: string,
  others: readonly InstalledArgo[],
  unknown: boolean,
): Finding[] {
  if (unknown) return [];
  const [first] = others;
  const object = { kind: "Namespace", namespace: null, name: namespace };
  if (!first) {
    return [
      finding("argocd-missing", object, {
        why: `no Argo CD runs in ${namespace}, nor anywhere else`,
        remedy: "Install one: flamingo install",
      }),
    ];
  }
  return [
    finding("argocd-missing", object, {
      why: `no Argo CD runs in ${namespace}; there is ${andList(others.map(describeArgo))}`,
      remedy: `Add -N ${first.namespace}`,
    }),
  ];
}

/** For somebody who is about to install into a namespace. */
export function argosBeside(namespace: string, others: readonly InstalledArgo[]): Finding[] {
  return others.map((other) =>
    finding("argocd-several", controllerOf(other), {
      why: `there is ${describeArgo(other)}: it shares CRDs, and perhaps ClusterRoles, with one in ${namespace}`,
      remedy: `Use it (-N ${other.namespace}), or install with --mode tenant`,
    }),
  );
}

/** What is wrong with how an Argo CD is installed; `others` are the rest of the cluster's. */
export function argoFindings(argo: InstalledArgo, others: readonly InstalledArgo[]): Finding[] {
  const object = controllerOf(argo);
  const shared = sharedNames(argo, [argo, ...others]);
  return [
    ...(argo.version === undefined
      ? [
          finding("argocd-version-unknown", object, {
            why: argo.unknown[0] ?? "nothing tells which release of Argo CD runs",
            remedy: "Give its image a version as tag, or ask Argo CD itself: argocd version",
          }),
        ]
      : newerFindings(argo.version, object)),
    ...shared.map((why) =>
      finding("argocd-several", object, {
        why,
        remedy: "Give one of them a namespace of its own to manage (--mode tenant), or remove it",
      }),
    ),
    ...argo.disagreements
      .filter((sentence) => !shared.includes(sentence))
      .map((why) =>
        finding("argocd-contradiction", object, {
          why,
          remedy: "Run all components of Argo CD on one image",
        }),
      ),
  ];
}

function newerFindings(version: string, object: FoundObject): Finding[] {
  const why = newerThanKnown(version);
  return why === undefined
    ? []
    : [finding("argocd-newer", object, { why, remedy: "Take a newer release of flamingo" })];
}

export function argoNotReady({ components, namespace }: InstalledArgo): Finding[] {
  return components
    .filter(({ wanted, ready }) => ready < wanted)
    .map(({ role, kind, name, wanted, ready }) =>
      finding(
        "argocd-not-ready",
        { kind, namespace, name },
        {
          why: `of the ${role} ${ready} of ${wanted} pods are ready`,
          remedy: `Look at it: kubectl describe ${kind.toLowerCase()} ${name} -n ${namespace}`,
        },
      ),
    );
}
