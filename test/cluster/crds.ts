import type { KubeObject } from "../../src/kube/object.js";

/** Any object as a test writes it down or gets it back. */
export type TestObject = KubeObject & Record<string, unknown>;

export interface CrdOptions {
  group: string;
  kind: string;
  plural: string;
  shortNames?: string[];
  /** Namespaced when not given */
  scope?: "Cluster";
  /** served, the storage version first: `["v1", "v1beta2"]` */
  versions: string[];
  /** whether `.status` is written by itself, as with most CRDs */
  statusSubresource: boolean;
}

/**
 * A CRD with an open schema: it takes any field in any version and prunes nothing, and objects are the same in each.
 * For tests that must agree with real schemas there are the real CRDs, see `shared.ts`.
 */
export function openCrd({
  group,
  kind,
  plural,
  shortNames,
  scope,
  versions,
  statusSubresource,
}: CrdOptions): TestObject {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: scope ?? "Namespaced",
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        shortNames: shortNames ?? [],
      },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema,
        ...(statusSubresource ? { subresources: { status: {} } } : {}),
      })),
    },
  };
}

/** Application and AppProject of Argo CD. As in Argo CD itself `.status` is an ordinary field. */
export function argoCrds(): TestObject[] {
  const of = { group: "argoproj.io", versions: ["v1alpha1"], statusSubresource: false };
  return [
    openCrd({ ...of, kind: "Application", plural: "applications", shortNames: ["app", "apps"] }),
    openCrd({ ...of, kind: "AppProject", plural: "appprojects", shortNames: ["appproj", "appprojs"] }),
  ];
}
