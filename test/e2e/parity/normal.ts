/** Words of Argo CD without what must differ between two copies of a scene, so that the rest can be compared as it is. */
import type { ResourceNode } from "../../../src/argo/application-tree.js";

/** "Deployment/web" */
export function titleOf({ kind, name }: { kind: string; name: string }): string {
  return `${kind}/${name}`;
}

/** Each copy's namespace, API groups and cluster-scoped objects are named after its side. */
export function withoutSide(text: string): string {
  return text.replaceAll(/(?<=[-:"/.])(native|flux)\b/g, "SIDE");
}

/** What Kubernetes makes up for the ends of names. */
const randomEnd = "-[bcdfghjklmnpqrstvwxz2456789]{5}\\b";

/**
 * Rewrites texts about the nodes of one tree: a uid becomes the title of its node, so that a reference to nothing or to another
 * node shows; "web-5d4f8c7b9-x2x4z" becomes "web-5d4f8c7b9-?".
 */
export function normalizer(nodes: readonly ResourceNode[]): (text: string) => string {
  const names = [...new Set(nodes.map(({ name }) => name))].sort((a, b) => b.length - a.length);
  const generated = new RegExp(`(?<=\\b(?:${names.map(literal).join("|")}))${randomEnd}`, "g");
  return (text) => {
    let normal = text;
    for (const node of nodes) if (node.uid) normal = normal.replaceAll(node.uid, `uid of ${titleOf(node)}`);
    return withoutSide(normal.replaceAll(generated, "-?"));
  };
}

/** The nodes of a tree, in an order of their own. */
export function normalNodes(nodes: readonly ResourceNode[]): ResourceNode[] {
  const text = JSON.stringify(nodes, (key, value: unknown) => {
    if (key === "resourceVersion" && /^\d+$/.test(String(value))) return "a version";
    if (key === "createdAt" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(value))) return "a time";
    // Argo CD fills these from Go maps, which have no order
    return ["images", "externalURLs", "targetRefs"].includes(key) ? inOrder(value as unknown[]) : value;
  });
  return inOrder(JSON.parse(normalizer(nodes)(text)) as ResourceNode[]);
}

/** By their text, whatever they are. */
export function inOrder<T>(items: readonly T[]): T[] {
  const byText = new Map(items.map((item) => [item, JSON.stringify(item)]));
  return [...items].sort((a, b) => ((byText.get(a) ?? "") < (byText.get(b) ?? "") ? -1 : 1));
}

/**
 * What `argocd app get -o tree` prints, as "Deployment/web > ReplicaSet/web-5d4f8c7b9: Synced Healthy" from the root on, in an
 * order of its own. The message of the last sync is left out: of each object Flux has none.
 */
export function normalLines(stdout: string, nodes: readonly ResourceNode[]): string[] {
  const [heads = "", ...lines] = stdout.slice(stdout.indexOf("KIND/NAME")).trimEnd().split("\n");
  const [status, health, message] = ["STATUS", "HEALTH", "MESSAGE"].map((head) => heads.indexOf(head));
  const path: string[] = [];
  const found = lines.map((line) => {
    const [, branches = "", title = ""] = /^([│├└─ ]*)(\S+)/.exec(line) ?? [];
    path.splice(branches.length / 2, Infinity, title);
    const words = [line.slice(status, health), line.slice(health, message)].map((word) => word.trim());
    return `${path.join(" > ")}: ${words.join(" ").trim()}`;
  });
  return found.map(normalizer(nodes)).sort();
}

function literal(text: string): string {
  return text.replaceAll(/[.:]/g, "\\$&");
}
