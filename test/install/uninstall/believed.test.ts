import { describe, expect, test } from "vitest";
import { believed, isEverMade } from "../../../src/install/uninstall/believed.js";
import type { LiveObject, ManagedFields } from "../../../src/kube/object.js";
import { idOf, idOfKey, keyOf } from "../../../src/kube/object-id.js";
import { object } from "../../builders/kube.js";

describe("what an install ever makes", () => {
  const crds = "apiextensions.k8s.io/CustomResourceDefinition/";
  const rbac = "rbac.authorization.k8s.io";
  test.each<[key: string, isIt: boolean]>([
    ["apps/Deployment/argo/argocd-server", true],
    ["apps/Deployment/shop/web", false],
    ["/Secret/kube-system/token", false],
    ["/Namespace//argo", true],
    ["/Namespace//shop", false],
    [`${crds}/applications.argoproj.io`, true],
    [`${crds}/applicationsets.argoproj.io`, true],
    [`${crds}/appprojects.argoproj.io`, true],
    [`${crds}/kustomizations.kustomize.toolkit.fluxcd.io`, false],
    [`${crds}/workflows.argoproj.io`, false],
    ["helm.toolkit.fluxcd.io/HelmRelease/argo/flamingo", true],
    ["helm.toolkit.fluxcd.io/HelmRelease/argo/web", false],
    ["helm.toolkit.fluxcd.io/HelmRelease/shop/flamingo", false],
    ["source.toolkit.fluxcd.io/HelmRepository/argo/argo-helm-repo", true],
    ["source.toolkit.fluxcd.io/HelmRepository/argo/charts", false],
    ["source.toolkit.fluxcd.io/GitRepository/argo/argo-helm-repo", false],
    ["kustomize.toolkit.fluxcd.io/Kustomization/argo/apps", false],
    ["fluxcd.controlplane.io/FluxInstance/argo/flux", false],
    [`${rbac}/ClusterRole//argocd-server`, true],
    [`${rbac}/Role/apps/flamingo-loopback-argo`, true],
    [`${rbac}/RoleBinding/apps/flamingo-loopback-argo`, true],
    [`${rbac}/RoleBinding/apps/flamingo-loopback-other`, false],
    ["/ConfigMap/apps/flamingo-loopback-argo", false],
  ])("%s: %s", (key, isIt) => expect(isEverMade(idOfKey(key), "argo")).toBe(isIt));
});

describe("what a record is believed", () => {
  const home = object("v1", "Namespace", "argo");
  const by = (at: string, ...managedFields: ManagedFields[]) =>
    object("apps/v1", "Deployment", at, { metadata: { managedFields } });
  const applied = { manager: "flamingo", operation: "Apply" };
  const updated = { manager: "flamingo", operation: "Update" };
  const kubectls = { manager: "kubectl", operation: "Apply" };
  const keysOf = (objects: readonly LiveObject[]) => objects.map((one) => keyOf(idOf(one)));

  test("that an object was created, if flamingo has applied it, or it is gone", () => {
    const ours = by("argo/ours", kubectls, applied);
    const theirs = by("argo/theirs", kubectls);
    const adopted = by("argo/adopted", kubectls, updated);
    const unknown = by("argo/unknown");
    const gone = by("argo/gone");
    const recorded = new Map(
      keysOf([ours, theirs, adopted, unknown, gone]).map((key) => [key, "created"] as const),
    );
    expect([...believed(recorded, [ours, theirs, adopted, unknown], "argo").keys()]).toEqual(
      keysOf([ours, gone]),
    );
  });

  test("that the namespace was, of which a second install leaves no trace, and what was changed", () => {
    const theirs = by("argo/theirs", kubectls);
    const recorded = new Map([
      [keyOf(idOf(home)), "created"],
      [keyOf(idOf(theirs)), "changed"],
    ] as const);
    expect(believed(recorded, [home, theirs], "argo")).toEqual(recorded);
  });
});
