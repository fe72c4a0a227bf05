import { describe, expect, test } from "vitest";
import { installedArgos } from "../../../src/argo/installed/installed.js";
import { argoFindings } from "../../../src/commands/check/argo-findings.js";
import type { Finding } from "../../../src/commands/check/finding.js";
import { fluxFindings } from "../../../src/commands/check/flux-findings.js";
import { installedFlux } from "../../../src/flux/installed/installed-flux.js";
import type { PodRunner } from "../../../src/kube/kinds.js";
import { argo, component, digest, fl, stock } from "../../argo/installed-objects.js";
import { controllers, detect, of222, of293, serves } from "../../flux/installed-objects.js";

const told = (findings: readonly Finding[]) => findings.map(({ id, why }) => `${id}: ${why}`);

describe("Flux", () => {
  const whole = detect("2.9", { runners: controllers(of293) });
  const half = detect("2.9", { runners: controllers(of222) });
  const mixed = installedFlux({ served: { ...serves["2.7"], Kustomization: ["v1"] } });

  test.each([
    ["of one release", whole, "v1.37.2", []],
    ["that is not there", detect("none"), "v1.37.2", ["flux-missing"]],
    ["of two ages", half, "v1.37.2", ["flux-contradiction"]],
    ["of CRDs of two ages", mixed, "v1.37.2", ["flux-version-unknown", "flux-contradiction"]],
    ["on an old Kubernetes", whole, "v1.32.9", ["kubernetes-too-old"]],
    ["on the oldest that it accepts", whole, "v1.33.0-gke.1", []],
  ] as const)("%s", (_, flux, kubernetes, expected) => {
    const ids = fluxFindings(flux, kubernetes).map(({ id }) => id);
    expect([...new Set(ids)]).toEqual(expected);
  });

  test("says what Kubernetes it wants", () =>
    expect(told(fluxFindings(whole, "v1.32.9"))).toEqual([
      "kubernetes-too-old: Kubernetes v1.32.9 is older than 1.33, the oldest that Flux 2.9 accepts",
    ]));
});

describe("Argo CD", () => {
  const [first, second] = ["argocd", "other"].map((namespace) => argo(stock, { namespace }));
  const found = (...runners: PodRunner[]) => {
    const [one, ...others] = installedArgos({ runners, unknown: [] });
    return one ? argoFindings(one, others).map(({ id }) => id) : undefined;
  };

  test.each<[string, PodRunner[], string[]]>([
    ["of one image", argo(stock), []],
    ["of an image by digest", argo(digest), ["argocd-version-unknown"]],
    ["newer than this flamingo", argo("quay.io/argoproj/argocd:v99.0.0"), ["argocd-newer"]],
    [
      "of two images",
      [component("application-controller", stock), component("server", fl), component("repo-server", stock)],
      ["argocd-contradiction"],
    ],
    ["beside another", [...(first ?? []), ...(second ?? [])], ["argocd-several"]],
  ])("%s", (_, runners, expected) => expect([...new Set(found(...runners))]).toEqual(expected));
});
