import { expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { parseWorkloadRef } from "../../src/workloads/ref.js";

test.each([
  ["ks/podinfo", { kind: "Kustomization", name: "podinfo" }],
  ["kustomization/podinfo", { kind: "Kustomization", name: "podinfo" }],
  ["Kustomizations/podinfo", { kind: "Kustomization", name: "podinfo" }],
  ["kustomizations.kustomize.toolkit.fluxcd.io/podinfo", { kind: "Kustomization", name: "podinfo" }],
  ["hr/podinfo", { kind: "HelmRelease", name: "podinfo" }],
  ["HelmRelease/podinfo", { kind: "HelmRelease", name: "podinfo" }],
  ["HELMRELEASES/podinfo", { kind: "HelmRelease", name: "podinfo" }],
  ["helmreleases.helm.toolkit.fluxcd.io/my.app", { kind: "HelmRelease", name: "my.app" }],
  ["ks/true", { kind: "Kustomization", name: "true" }],
  ["ks/0x10", { kind: "Kustomization", name: "0x10" }],
  ["dev-1/hr/podinfo", { cluster: "dev-1", kind: "HelmRelease", name: "podinfo" }],
  [
    "arn:aws:eks:eu-west-1:1234:cluster/prod/ks/podinfo",
    { cluster: "arn:aws:eks:eu-west-1:1234:cluster/prod", kind: "Kustomization", name: "podinfo" },
  ],
])("parseWorkloadRef() reads %s", (text, ref) => expect(parseWorkloadRef(text)).toEqual(ref));

test.each([
  [
    "podinfo",
    '"podinfo" does not say which kind it is',
    "Write ks/podinfo for a Kustomization, hr/podinfo for a HelmRelease",
  ],
  ["", '"" does not say which kind it is', "Write [CLUSTER/]KIND/NAME, such as ks/podinfo or hr/podinfo"],
  [
    "deploy/podinfo",
    '"deploy/podinfo" names the kind "deploy", which is no Flux workload',
    "Kinds are ks (kustomization), hr (helmrelease), rset (resourceset) and fi (fluxinstance), and their plurals",
  ],
  ["ks/", '"ks/" has no name', "Write [CLUSTER/]KIND/NAME, such as ks/podinfo or hr/podinfo"],
  [
    "/ks/podinfo",
    '"/ks/podinfo" has an empty cluster name',
    "Write [CLUSTER/]KIND/NAME, such as ks/podinfo or hr/podinfo",
  ],
  [
    "ks/Pod_info",
    "\"Pod_info\" is no name of a Kustomization: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit",
    "Write [CLUSTER/]KIND/NAME, such as ks/podinfo or hr/podinfo",
  ],
  [
    `hr/${"x".repeat(254)}`,
    `"${"x".repeat(254)}" is no name of a HelmRelease: it has 254 characters, at most 253 are allowed`,
    "Write [CLUSTER/]KIND/NAME, such as ks/podinfo or hr/podinfo",
  ],
])("parseWorkloadRef() refuses %j", (text, message, hint) => {
  expect(() => parseWorkloadRef(text)).toThrow(
    expect.objectContaining({ message, hint, exitCode: 2, constructor: UserError }),
  );
});
