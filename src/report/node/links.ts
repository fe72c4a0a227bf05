import type { LiveObject } from "../../kube/object.js";

/** Addresses that people put on objects and Applications for Argo CD's page: `link.argocd.argoproj.io/NAME: [TITLE|]URL`. */
const linkPrefix = "link.argocd.argoproj.io/";

/**
 * The links among annotations, those with a title included. What is no http(s) address is left out: pages before Argo CD
 * 3.2.12 would run a "javascript:" one.
 */
export function linksIn(annotations: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(annotations ?? {})
    .filter(([key, value]) => key.startsWith(linkPrefix) && isWebAddress(value))
    .map(([, value]) => value)
    .sort();
}

function isWebAddress(value: string): boolean {
  const url = value.slice(value.indexOf("|") + 1);
  // a space, tab or line break is dropped by browsers, but not by everybody who reads an address
  return /^https?:\/\/[^/\s]/i.test(url) && !/\s/.test(url) && URL.canParse(url);
}

/** Whether an object says that the addresses it serves are not for Argo CD's page. */
export function wantsNoLinks({ metadata }: LiveObject): boolean {
  const value = metadata.annotations?.["argocd.argoproj.io/ignore-default-links"];
  return value !== undefined && ["1", "t", "T", "TRUE", "true", "True"].includes(value);
}
