/** The controllers of Flux among the Deployments and StatefulSets of a cluster. */

import { grouped } from "../../grouped.js";
import type { PodRunner } from "../../kube/kinds.js";
import { andList } from "../../text/and-list.js";
import {
  componentOf,
  type FluxComponent,
  isNamedAfterFlux,
  readControllerImage,
} from "./controller-image.js";

/** A container that runs a controller. Flux All-in-One has all in one Deployment, a sharded Flux has some several times. */
export interface FluxController {
  component: FluxComponent;
  /** of what runs it: "Deployment" */
  kind: string;
  name: string;
  namespace: string;
  container: string;
  image: string;
  /** of the controller: "1.9.3"; undefined when its image does not tell */
  version?: string;
  /** the minor of Flux that has this version: "2.9" */
  fluxMinor?: string;
  /** replicas */
  wanted: number;
  ready: number;
}

export interface FluxControllers {
  controllers: FluxController[];
  /** those that run the controllers */
  runners: PodRunner[];
  /** "cannot tell the version of source-controller in flux-system: its image has a digest and no tag" */
  unknown: string[];
}

/** Whether this may run a controller of Flux, by the names of its images; {@link controllersAmong} decides. */
export function isFluxController(runner: PodRunner): boolean {
  return containersOf(runner).some(({ image }) => componentOf(image ?? "") !== undefined);
}

/**
 * The controllers among these. Others have a `notification-controller` or a `helm-controller`, too: what has no sign of
 * Flux but the name counts only beside one that has, or where none has and Flux is served.
 *
 * @param tags what is known of images by their digests
 */
export function controllersAmong(
  all: readonly PodRunner[],
  isFluxServed: boolean,
  tags: ReadonlyMap<string, string>,
): FluxControllers {
  const named = all.filter(isFluxController);
  const certain = named.filter(hasSignOfFlux);
  const namespaces = new Set(certain.map(({ metadata }) => metadata.namespace));
  const runners = named.filter(({ metadata }) =>
    certain.length > 0 ? namespaces.has(metadata.namespace) : isFluxServed,
  );
  const controllers = runners.flatMap((runner) => controllersOf(runner, tags));
  return { controllers, runners, unknown: untold(controllers, tags) };
}

function containersOf({ spec }: PodRunner) {
  return spec?.template?.spec?.containers ?? [];
}

function hasSignOfFlux(runner: PodRunner): boolean {
  const labels = [runner.metadata.labels, runner.spec?.template?.metadata?.labels];
  if (labels.some((some) => some?.["app.kubernetes.io/part-of"] === "flux")) return true;
  return containersOf(runner).some(
    ({ image = "", command = [], args = [] }) =>
      componentOf(image) !== undefined &&
      (isNamedAfterFlux(image) ||
        [...command, ...args].some((word) => /--(events-addr|watch-all-namespaces)\b/.test(word))),
  );
}

function controllersOf(runner: PodRunner, tags: ReadonlyMap<string, string>): FluxController[] {
  const { name, namespace = "" } = runner.metadata;
  return containersOf(runner).flatMap(({ name: container = "", image = "" }) => {
    const read = readControllerImage(image, tags);
    if (!read) return [];
    const { component, version, fluxMinor } = read;
    return {
      component,
      kind: runner.kind,
      ...{ name, namespace, container, image },
      ...(version ? { version } : {}),
      ...(fluxMinor ? { fluxMinor } : {}),
      wanted: runner.spec?.replicas ?? 1,
      ready: runner.status?.readyReplicas ?? 0,
    };
  });
}

/** One sentence for all controllers of a namespace with the same reason. */
function untold(controllers: readonly FluxController[], tags: ReadonlyMap<string, string>): string[] {
  const byReason = grouped(
    controllers.flatMap(({ component, namespace, image }): [string, string][] => {
      const because = readControllerImage(image, tags)?.because;
      return because === undefined ? [] : [[`in ${namespace}: ${because}`, component]];
    }),
  );
  return [...byReason].map(([reason, components]) => {
    const names = andList([...new Set(components)].sort());
    return `cannot tell the version of ${names} ${reason}`;
  });
}
