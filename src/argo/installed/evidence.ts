import type { PodRunner } from "../../kube/kinds.js";
import type { ArgoImage } from "../image.js";
import type { ArgoComponent } from "./components.js";
import type { ArgoOwner, PossibleOwners } from "./owner.js";

/** What an Argo CD's server answered at /api/version, or why it did not: "cannot ask …: … (403)". */
export type VersionAnswer = { version: string } | { unknown: string };

/** All that was seen of a cluster's Argo CDs. What is not given was not asked for. */
export interface ArgoEvidence extends Partial<PossibleOwners> {
  /** Deployments and StatefulSets; those that run nothing of Argo CD do no harm */
  runners: readonly PodRunner[];
  /** what could not be listed: "cannot list StatefulSets: …" */
  unknown: readonly string[];
  /** by namespace */
  answers?: ReadonlyMap<string, VersionAnswer>;
  /** why `operated` or `applications` are not known */
  ownersUnknown?: readonly string[];
  /** whether the cluster serves Applications */
  applicationsServed?: boolean;
}

/** An Argo CD on a cluster: all that runs of it in one namespace. */
export interface InstalledArgo {
  namespace: string;
  /**
   * Of the application-controller, which decides what an Argo CD can do; else of the server, else of the repo-server.
   * Unknown when the controller could not be seen.
   */
  image: ArgoImage;
  /** of Argo CD, without patches: "2.10.2". An FSA image's server tells this, too, so it says nothing of the flavour */
  version?: string;
  /** "label" and "chart" say what was to be installed, which an override of the image belies */
  versionFrom?: "image" | "api" | "label" | "chart";
  components: ArgoComponent[];
  /** nobody is known when it is missing; `unknown` says so where it is only not known */
  owner?: ArgoOwner;
  /** "ha": redis of several nodes; "core": no server; "partial": anything else that lacks a component it needs */
  layout: "standard" | "ha" | "core" | "partial";
  /** sentences without a full stop: "the server runs v2.10.5; the application-controller runs v2.10.2" */
  disagreements: string[];
  /** why something is not known, each a sentence without a full stop */
  unknown: string[];
}

/** A component with the object that it was found in. */
export interface Part {
  component: ArgoComponent;
  runner: PodRunner;
}
