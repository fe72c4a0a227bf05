/** The Flux of a cluster, out of all that could be read about it. */
import type { PodRunner } from "../../kube/kinds.js";
import type { KubeObject } from "../../kube/object.js";
import type { FluxInstance } from "../flux-instance.js";
import { controllersAmong, type FluxController } from "./controllers.js";
import { contradictions, doubledControllers, mixedControllers } from "./disagreements.js";
import {
  type Claim,
  controllersClaim,
  deploymentClaims,
  discoveryClaims,
  type FluxFinding,
  instanceClaims,
  labelClaims,
  reportClaims,
} from "./findings.js";
import { namespaceOf } from "./namespace.js";
import { type FluxReport, tagsByDigest } from "./operator.js";
import { type FluxOwner, ownerOf } from "./owner.js";
import { breakTies, type SchemaAnswer } from "./schema-ties.js";
import { minorsServing, mixedCrds, type ServedVersions } from "./served-minors.js";
import { decideVersion } from "./version.js";
import { untoldVersion } from "./version-labels.js";

/** What was read. What could not be read is not here, and `unknown` says why. */
export interface FluxEvidence {
  served: ServedVersions;
  /** see `openTies()` */
  schemas?: readonly SchemaAnswer[];
  /** gitrepositories.source.toolkit.fluxcd.io */
  crd?: KubeObject | undefined;
  reports?: readonly FluxReport[];
  instances?: readonly FluxInstance[];
  /** those labelled as part of Flux */
  namespaces?: readonly KubeObject[];
  /** Deployments and StatefulSets; others than those of Flux do not matter */
  runners?: readonly PodRunner[];
  /** whether FluxConfigs of Azure are served */
  servesFluxConfig?: boolean;
  /** "cannot list Deployments: …" */
  unknown?: readonly string[];
}

export interface InstalledFlux {
  /** whether Flux's APIs are served: Kustomization or HelmRelease */
  present: boolean;
  /** "2.9.3" when one release is known, and nothing speaks against it */
  version?: string;
  /** "2.9"; when less is known "2.0 or 2.1", "2.10 or newer"; "2.1 and 2.2" when controllers of several run */
  minor?: string;
  /** every finding, the best witness first */
  evidence: FluxFinding[];
  /** where findings contradict each other: "the labels of CRD … say 2.1.2, the images of the controllers say 2.2" */
  disagreements: string[];
  /** what could not be found out: "cannot list Deployments: …" */
  unknown: string[];
  /** where the controllers run, or else where Flux says that it is installed */
  namespace?: string;
  controllers: FluxController[];
  /** who installed it; undefined when nothing says */
  owner?: FluxOwner;
}

/**
 * Each witness is asked for itself; the images of what runs are believed first, labels only where nothing contradicts
 * them, and the API versions that are served tell the age of the CRDs.
 */
export function installedFlux(evidence: FluxEvidence): InstalledFlux {
  const { served, crd, reports = [], instances = [], namespaces = [] } = evidence;
  const present = isServed(served);
  const tags = tagsByDigest(reports, instances);
  const { controllers, runners, unknown } = controllersAmong(evidence.runners ?? [], present, tags);
  const claims = claimsOf(evidence, controllers, runners);
  const { version, minor } = decideVersion(claims, controllers);
  const label = crd && controllers.length === 0 ? untoldVersion(crd) : undefined;
  const namespace = namespaceOf({ controllers, crd, instances, reports, namespaces });
  const owner = ownerOf({
    ...{ crd, reports, instances, runners },
    servesFluxConfig: evidence.servesFluxConfig ?? false,
  });
  return {
    present,
    ...(version === undefined ? {} : { version }),
    ...(minor === undefined ? {} : { minor }),
    evidence: claims.map(({ by, says, where }) => ({ by, says, where })),
    disagreements: disagreementsOf(evidence, claims, controllers),
    unknown: [...(evidence.unknown ?? []), ...unknown, ...(label === undefined ? [] : [label])],
    ...(namespace === undefined ? {} : { namespace }),
    controllers,
    ...(owner ? { owner } : {}),
  };
}

/** Whether a look into the schemas (`openTies()`) may tell more: neither images nor anything else told the minor. */
export function isMinorOpen({ present, minor = "", evidence }: InstalledFlux): boolean {
  return present && !/^\d+\.\d+$/.test(minor) && evidence.every(({ by }) => by !== "controllers");
}

function isServed({ Kustomization = [], HelmRelease = [] }: ServedVersions): boolean {
  return Kustomization.length > 0 || HelmRelease.length > 0;
}

function claimsOf(
  { served, schemas = [], crd, reports = [], instances = [], namespaces = [] }: FluxEvidence,
  controllers: readonly FluxController[],
  runners: readonly PodRunner[],
): Claim[] {
  const byImages = controllersClaim(controllers);
  return [
    ...(byImages ? [byImages] : []),
    ...reports.flatMap(reportClaims),
    ...instances.flatMap(instanceClaims),
    ...labelClaims("crd-label", crd),
    ...namespaces.flatMap((namespace) => labelClaims("namespace-label", namespace)),
    ...deploymentClaims(runners),
    ...discoveryClaims(breakTies(minorsServing(served), schemas)),
  ];
}

function disagreementsOf(
  { served }: FluxEvidence,
  claims: readonly Claim[],
  controllers: readonly FluxController[],
): string[] {
  const sentences = [
    mixedControllers(controllers),
    ...contradictions(claims, controllers),
    mixedCrds(served),
    ...doubledControllers(controllers),
  ];
  return sentences.filter((sentence) => sentence !== undefined);
}
