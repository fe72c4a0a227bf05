import { flux } from "../builders/flux.js";
import { openCrd, type TestObject } from "../cluster/crds.js";
import type { Rig } from "./e2e.js";

/** An ArtifactGenerator and the ExternalArtifact `made` of it, as its controller would: that is none of Flux's own three. */
export interface Generator {
  /** for the workload that reads it */
  sourceRef: { kind: string; name: string };
  /** Makes the artifact of what its source has by now. */
  make(): Promise<void>;
}

/**
 * One that copies all of the GitRepository `content`; its artifact is made.
 *
 * @param annotations of the ArtifactGenerator
 */
export async function generator(
  rig: Rig,
  source: TestObject,
  annotations: Record<string, string> = {},
): Promise<Generator> {
  const { namespace } = source.metadata;
  const sources = [{ alias: "content", kind: source.kind, name: source.metadata.name }];
  const artifacts = [{ name: "made", copy: [{ from: "@content/**", to: "@artifact/" }] }];
  await rig.cluster.installCrds(generatorCrds);
  const applied = flux("ArtifactGenerator", `${namespace}/made`, { sources, artifacts }, { annotations });
  await rig.cluster.apply(applied);
  const { apiVersion, kind } = applied;
  const make = async () => {
    const { status } = await rig.untilReady(source);
    const { artifact } = status as { artifact: object };
    await rig.cluster.apply({
      ...flux("ExternalArtifact", `${namespace}/made`, { sourceRef: { apiVersion, kind, name: "made" } }),
      status: { artifact, conditions: [ready()] },
    });
  };
  await make();
  return { sourceRef: { kind: "ExternalArtifact", name: "made" }, make };
}

/** With an open schema. */
export const generatorCrds: TestObject[] = [
  openCrd({
    group: "source.extensions.fluxcd.io",
    kind: "ArtifactGenerator",
    plural: "artifactgenerators",
    versions: ["v1beta1"],
    statusSubresource: true,
  }),
];

function ready(): object {
  const lastTransitionTime = new Date().toISOString();
  return { type: "Ready", status: "True", reason: "Succeeded", message: "made", lastTransitionTime };
}
