/** The labels that `flux install` and others put on all that they install. Tools and people change images alone, so they may lie. */
import type { KubeObject } from "../../kube/object.js";
import { readVersion } from "./controller-image.js";
import { placeOf } from "./place.js";

/**
 * The release in `app.kubernetes.io/version`, with or without a leading v. Undefined when there is none, or what no Flux
 * was ever called: other charts and extensions write the version of a controller, or their own ("1.5.0").
 */
export function labelledVersion({ metadata }: KubeObject): string | undefined {
  const label = metadata.labels?.["app.kubernetes.io/version"];
  const version = label === undefined ? undefined : readVersion(label);
  return version === undefined || version.startsWith("1.") ? undefined : version;
}

/** Says when the label is there and tells nothing: "the labels of CRD … say "0.0.0-dev", which is no version". */
export function untoldVersion(object: KubeObject): string | undefined {
  const label = object.metadata.labels?.["app.kubernetes.io/version"];
  if (label === undefined || readVersion(label) !== undefined) return undefined;
  return `the labels of ${placeOf(object)} say ${JSON.stringify(label)}, which is no version`;
}

export function isPartOfFlux({ metadata }: KubeObject): boolean {
  return metadata.labels?.["app.kubernetes.io/part-of"] === "flux";
}
