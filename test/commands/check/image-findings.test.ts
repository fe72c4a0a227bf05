import { expect, test } from "vitest";
import { appRecordFrom } from "../../../src/commands/check/applications.js";
import { imageFindings } from "../../../src/commands/check/image-findings.js";
import { type FluxWorkload, workloadFrom } from "../../../src/flux/workload.js";
import type { FluxApis } from "../../../src/support-matrix/flux-apis.js";
import { generated } from "../../builders/argo.js";
import { chartInGit, hr, ks } from "../../builders/flux.js";
import { apisOf, matrix } from "../../support-matrix/data.js";

const object = { kind: "StatefulSet", namespace: "argocd", name: "argocd-application-controller" };
const image = (tag: string) => `ghcr.io/flux-subsystem-argo/fsa/argocd:${tag}`;
const v2102 = image("v2.10.2-fl.23-main-d2c9a8cb");
const flux23 = apisOf({
  Kustomization: ["v1", "v1beta2"],
  HelmRelease: ["v2", "v2beta2", "v2beta1"],
  GitRepository: ["v1", "v1beta2"],
  HelmChart: ["v1", "v1beta2"],
});
const asItAsks = apisOf({
  HelmRelease: ["v2beta2"],
  Kustomization: ["v1"],
  GitRepository: ["v1", "v1beta2"],
});
const byRef = hr("web", { chartRef: { kind: "HelmChart", name: "web" } });

function found(
  name: string,
  apis: FluxApis,
  workloads: FluxWorkload[],
  shown: FluxWorkload[] = [],
): string[] {
  const apps = shown.map((workload) => appRecordFrom(generated(workload)));
  const inUse = { workloads: workloads.map((workload) => workloadFrom(workload)), apps };
  return imageFindings(matrix, name, object, apis, inUse).map(({ id }) => id);
}

test.each<[string, string[], string[]]>([
  ["an image that shows all of it", found(v2102, asItAsks, [ks("web"), hr("web", chartInGit)]), []],
  ["an image that nobody knows", found(image("v9.9.9-fl.1"), asItAsks, [ks("web")]), ["image-unknown"]],
  ["an image of which nobody knows", found(image("v2.2.5-fl.0"), flux23, [ks("web")]), ["image-unknown"]],
  [
    "objects that are not put below it",
    found(v2102, flux23, [hr("web", chartInGit)]),
    ["image-shows-no-children"],
  ],
  ["a chartRef", found(v2102, asItAsks, [byRef]), ["image-shows-no-source"]],
  [
    "what it does not ask for",
    found(v2102, apisOf({ HelmRelease: ["v2"], GitRepository: ["v1"] }), [hr("web", chartInGit)]),
    ["image-does-not-show"],
  ],
  [
    "what the loopback engine shows",
    found(v2102, flux23, [hr("web", chartInGit)], [hr("web", chartInGit)]),
    [],
  ],
  ["nothing in use", found(v2102, flux23, []), []],
])("%s", (_, ids, expected) => expect(ids).toEqual(expected));
