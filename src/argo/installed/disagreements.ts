import { andFirst, andList } from "../../text/and-list.js";
import { readArgoImage, tagOf } from "../image.js";
import type { ArgoEvidence, InstalledArgo, Part } from "./evidence.js";
import type { ArgoOwner } from "./owner.js";
import { tellingRoles } from "./role.js";
import { imageVersion, labelVersion } from "./version.js";

/** What does not fit together within one install; each a sentence without a full stop. */
export function disagreementsIn(
  parts: readonly Part[],
  ownerOfPart: (part: Part) => ArgoOwner | undefined,
  { applicationsServed }: ArgoEvidence,
): string[] {
  return [
    ...differentImages(parts),
    ...wrongLabels(parts),
    ...severalInOneNamespace(parts),
    ...differentOwners(parts, ownerOfPart),
    ...(applicationsServed === false
      ? ["the cluster does not serve Applications: their CRD is missing"]
      : []),
  ];
}

/** An image that does not tell what is in it is compared with nothing. */
function differentImages(parts: readonly Part[]): string[] {
  const byTag = groupBy(
    parts,
    (part) => imageVersion(part) && tagOf(part.component.image)?.replace(/^v/, ""),
  );
  byTag.delete(undefined);
  if (byTag.size < 2) return [];
  const groups = [...byTag].map(([tag, those]) => {
    const isFl = readArgoImage(those[0]?.component.image ?? "").flavour === "fl";
    const verb = rolesOf(those).length > 1 ? "run" : "runs";
    return `${andList(rolesOf(those))} ${verb} ${isFl ? "the FSA image " : ""}v${tag}`;
  });
  return [groups.join("; ")];
}

function differentOwners(
  parts: readonly Part[],
  ownerOfPart: (part: Part) => ArgoOwner | undefined,
): string[] {
  const byOwner = groupBy(parts, (part) => ownerOfPart(part)?.object);
  if (byOwner.size < 2) return [];
  const groups = [...byOwner].map(
    ([owner, those]) => `${owner ?? "nobody that is known"} keeps ${andList(rolesOf(those))}`,
  );
  return [groups.join("; ")];
}

function groupBy<K>(parts: readonly Part[], keyOf: (part: Part) => K): Map<K, Part[]> {
  const groups = new Map<K, Part[]>();
  for (const part of parts) groups.set(keyOf(part), [...(groups.get(keyOf(part)) ?? []), part]);
  return groups;
}

/** "the server", "the repo-server" */
function rolesOf(parts: readonly Part[]): string[] {
  return [...new Set(parts.map(({ component }) => `the ${component.role}`))];
}

/** The Helm chart writes the label from the tag for all; a tag for a single component belies it. */
function wrongLabels(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    const [runs, label] = [imageVersion(part), labelVersion(part)];
    if (runs === undefined || label === undefined || runs === label) return [];
    return [
      `the ${part.component.role} runs v${runs}, while its label app.kubernetes.io/version says v${label}`,
    ];
  });
}

function severalInOneNamespace(parts: readonly Part[]): string[] {
  return tellingRoles.flatMap((role) => {
    const names = parts.filter(({ component }) => component.role === role && component.wanted > 0);
    const distinct = [...new Set(names.map(({ component }) => component.name))];
    if (distinct.length < 2) return [];
    return [`the namespace holds ${distinct.length} of the component ${role}: ${andList(distinct)}`];
  });
}

/**
 * Installs whose controllers are named alike share the ClusterRole and ClusterRoleBinding of that name, of which there is
 * one: the operator's carry the namespace in their names, all others the name of the component.
 */
export function sharedNames(install: InstalledArgo, all: readonly InstalledArgo[]): string[] {
  const others = all.filter((other) => other !== install && other.owner?.by !== "operator");
  if (install.owner?.by === "operator") return [];
  return install.components
    .filter(({ role }) => role === "application-controller")
    .flatMap(({ role, name }) => {
      const sharing = others.filter(({ components }) =>
        components.some((component) => component.role === role && component.name === name),
      );
      if (sharing.length === 0) return [];
      const namespaces = sharing.map(({ namespace }) => namespace);
      const where = andFirst(namespaces, 3);
      return [
        `${name} is in ${where}, too: those that manage the whole cluster share its ClusterRole and ClusterRoleBinding`,
      ];
    });
}
