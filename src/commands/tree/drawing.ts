/** A tree as people read it. Pure. */
import type { ApplicationTree, ResourceNode } from "../../argo/application-tree.js";
import type { HealthCode } from "../../argo/health.js";
import { groupKindOf, keyOfReference } from "../../kube/object-id.js";
import { type Branch, branches } from "../../output/branches.js";
import type { Colour } from "../../output/voice.js";
import type { UnreadKind } from "../../report/managed.js";

export interface Drawing {
  heads: string[];
  rows: string[][];
  /** of each row's health */
  colours: (Colour | undefined)[];
}

const colourOf: Readonly<Partial<Record<HealthCode, Colour>>> = {
  Healthy: "green",
  Suspended: "yellow",
  Progressing: "yellow",
  Missing: "red",
  Degraded: "red",
};

/** The column that is coloured. */
export const healthColumn = 2;

/**
 * @param unread why nothing is known of an object: by the kinds that could not be read
 * @param isWide with what else Argo CD's page shows at a node
 */
export function drawingOf(tree: ApplicationTree, unread: readonly UnreadKind[], isWide: boolean): Drawing {
  const reasons = new Map(unread.map((kind) => [groupKindOf(kind), kind.because]));
  const drawn = [...branchesOf(tree)];
  const rows = drawn.map(({ item: node, lines }) => {
    const { kind, name, namespace = "-", health, info = [], images = [], createdAt = "-" } = node;
    const cells = [
      `${lines}${kind}/${name}`,
      namespace,
      health?.status ?? "-",
      health?.message ?? unreadBecause(node, reasons) ?? "",
    ];
    if (!isWide) return cells;
    const said = info.map((item) => `${item.name}: ${item.value}`).join(", ");
    return [...cells.slice(0, 3), createdAt, said || "-", images.join(", ") || "-", ...cells.slice(3)];
  });
  return {
    heads: ["OBJECT", "NAMESPACE", "HEALTH", ...(isWide ? ["CREATED", "INFO", "IMAGES"] : []), "MESSAGE"],
    rows,
    colours: drawn.map(({ item }) => item.health?.status && colourOf[item.health.status]),
  };
}

/** Each node below the first of its parents, as Argo CD's own commands show it. */
function branchesOf({ nodes }: ApplicationTree): Generator<Branch<ResourceNode>> {
  const below = new Map<string, ResourceNode[]>();
  for (const node of nodes) {
    const [parent] = node.parentRefs ?? [];
    const key = parent ? keyOfReference(parent) : "";
    const known = below.get(key);
    if (known) known.push(node);
    else below.set(key, [node]);
  }
  return branches(below.get("") ?? [], (node) => below.get(keyOfReference(node)) ?? []);
}

/** What is there has a uid, what is not is Missing. */
function unreadBecause(node: ResourceNode, reasons: ReadonlyMap<string, string>): string | undefined {
  if (node.uid || node.health) return undefined;
  const because = reasons.get(groupKindOf({ group: node.group ?? "", kind: node.kind }));
  return because && `cannot be read: ${because}`;
}
