/** What each thing that was read says about the version of Flux. */

import { grouped } from "../../grouped.js";
import type { PodRunner } from "../../kube/kinds.js";
import type { KubeObject } from "../../kube/object.js";
import { andList } from "../../text/and-list.js";
import type { FluxInstance } from "../flux-instance.js";
import { type ControllerImage, readControllerImage, readVersion } from "./controller-image.js";
import type { FluxController } from "./controllers.js";
import { describeMinors, minorOf } from "./minors.js";
import type { FluxReport } from "./operator.js";
import { placeOf, placesOf } from "./place.js";
import { type ControllerVersions, releaseWith } from "./releases.js";
import { labelledVersion } from "./version-labels.js";

export type FluxWitness =
  | "controllers"
  | "flux-report"
  | "flux-instance"
  | "crd-label"
  | "namespace-label"
  | "deployment-labels"
  | "discovery";

/** What one of them says, independently of the others. */
export interface FluxFinding {
  by: FluxWitness;
  /** "2.9.3", "2.9", "2.0 or 2.1"; "2.1 and 2.2" of controllers that are not of one Flux */
  says: string;
  /** "Deployment source-controller in flux-system" */
  where: string;
}

/** A finding, and what the decision goes by. */
export interface Claim extends FluxFinding {
  /** as the beginning of a sentence: "the labels of CRD gitrepositories.source.toolkit.fluxcd.io" */
  subject: string;
  /** by images, which cannot differ from what runs */
  byImages: boolean;
  minors: readonly string[];
  version?: string;
}

/** The controllers' versions by name, the first of each name. */
export function versionsOf(controllers: readonly ControllerImage[]): ControllerVersions {
  const known = controllers.flatMap(({ component, version }) =>
    version === undefined ? [] : [[component, version] as const],
  );
  return new Map(known.reverse());
}

/** By the images of the controllers. */
export function controllersClaim(controllers: readonly FluxController[]): Claim | undefined {
  const telling = controllers.filter(({ fluxMinor }) => fluxMinor !== undefined);
  const where = placesOf(
    telling.map(({ kind, name, namespace }) => ({ kind, metadata: { name, namespace } })),
  );
  return imagesClaim("controllers", telling, where, "the images of the controllers");
}

/** By what the Flux Operator reports: the images first, the version last since it is read off a label. */
export function reportClaims(report: FluxReport): Claim[] {
  const where = placeOf(report);
  const components = (report.spec?.components ?? []).flatMap(
    ({ image = "" }) => readControllerImage(image) ?? [],
  );
  const byImages = imagesClaim("flux-report", components, where, `the images in ${where}`);
  const version = readVersion(report.spec?.distribution?.version ?? "");
  return [
    ...(byImages ? [byImages] : []),
    ...(version ? [versionClaim("flux-report", version, where, where)] : []),
  ];
}

export function instanceClaims(instance: FluxInstance): Claim[] {
  const version = readVersion(instance.status?.lastAppliedRevision?.split("@")[0] ?? "");
  const where = placeOf(instance);
  return version ? [versionClaim("flux-instance", version, where, where)] : [];
}

/** By the labels of the CRD or of a Namespace. */
export function labelClaims(by: "crd-label" | "namespace-label", object: KubeObject | undefined): Claim[] {
  const version = object && labelledVersion(object);
  return version ? [versionClaim(by, version, placeOf(object), `the labels of ${placeOf(object)}`)] : [];
}

/** By the labels of the Deployments, each version once. A chart may write the version of the controller itself. */
export function deploymentClaims(runners: readonly PodRunner[]): Claim[] {
  const byVersion = grouped(
    runners.flatMap((runner): [string, PodRunner][] => {
      const version = labelledVersion(runner);
      const images = runner.spec?.template?.spec?.containers?.map(({ image }) => image ?? "") ?? [];
      const isOfController = images.some((image) => readControllerImage(image)?.version === version);
      return version === undefined || isOfController ? [] : [[version, runner]];
    }),
  );
  return [...byVersion].map(([version, labelled]) => {
    const where = placesOf(labelled);
    return versionClaim("deployment-labels", version, where, `the labels of ${where}`);
  });
}

/** By the API versions that are served. */
export function discoveryClaims(minors: readonly string[]): Claim[] {
  const says = describeMinors(minors);
  if (says === undefined) return [];
  const where = "the API versions that are served";
  return [{ by: "discovery", says, where, subject: where, byImages: false, minors }];
}

function imagesClaim(
  by: FluxWitness,
  controllers: readonly ControllerImage[],
  where: string,
  subject: string,
): Claim | undefined {
  const minors = [
    ...new Set(controllers.flatMap(({ fluxMinor }) => (fluxMinor === undefined ? [] : [fluxMinor]))),
  ];
  if (minors.length === 0) return undefined;
  minors.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const versions = versionsOf(controllers);
  // shards may differ
  const isEachOnce = controllers.every(({ component, version }) => versions.get(component) === version);
  const version = isEachOnce ? releaseWith(versions) : undefined;
  const says = version ?? andList(minors);
  return { by, says, where, subject, byImages: true, minors, ...(version ? { version } : {}) };
}

function versionClaim(by: FluxWitness, version: string, where: string, subject: string): Claim {
  return { by, says: version, where, subject, byImages: false, minors: [minorOf(version)], version };
}
