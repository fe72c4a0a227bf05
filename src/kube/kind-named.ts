import type { ServedKind } from "./served-kinds.js";

/**
 * The kind that a word stands for, as kubectl takes it: "deploy", "Deployment", "deployments.apps", "ingress.networking.k8s.io",
 * "deployments.v1.apps". Of several the first in the server's order, kinds and plurals before what is typed for short.
 */
export function kindNamed(word: string, kinds: readonly ServedKind[]): ServedKind | undefined {
  const [name = "", ...rest] = word.toLowerCase().split(".");
  const group = rest.join(".");
  const groups = group === "" ? undefined : [group, group.replace(/^v\d\w*\.?/, "")];
  const ofGroup = kinds.filter((kind) => !groups || groups.includes(kind.group));
  return (
    ofGroup.find(({ kind, plural }) => kind.toLowerCase() === name || plural === name) ??
    ofGroup.find(({ names }) => names.includes(name))
  );
}

/** Every word that names one of these kinds without its group. */
export function wordsFor(kinds: readonly ServedKind[]): string[] {
  return [...new Set(kinds.flatMap(({ kind, plural, names }) => [kind.toLowerCase(), plural, ...names]))];
}
