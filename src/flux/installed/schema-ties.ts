/** Fields that came with a minor of Flux whose API versions are those of the minor before. */
import { isSince } from "./minors.js";
import { minorsServing, type ServedVersions, type TellingKind, tellingKinds } from "./served-minors.js";

/** A field of `spec` that a kind has in one version since a minor. */
export interface SchemaTie {
  kind: TellingKind;
  version: string;
  /** below `spec`: "ref.name" */
  field: string;
  since: string;
}

/** Whether the schemas that the API server publishes have the field of a tie. */
export interface SchemaAnswer extends SchemaTie {
  has: boolean;
}

/** From the CRDs of the releases 0.37 to 2.9. */
const ties: readonly SchemaTie[] = [
  { kind: "Kustomization", version: "v1beta2", field: "components", since: "0.38" },
  { kind: "GitRepository", version: "v1beta2", field: "ref.name", since: "0.40" },
  { kind: "GitRepository", version: "v1", field: "proxySecretRef", since: "2.1" },
  { kind: "Kustomization", version: "v1", field: "namePrefix", since: "2.3" },
  { kind: "Kustomization", version: "v1", field: "healthCheckExprs", since: "2.5" },
  { kind: "Kustomization", version: "v1", field: "buildMetadata", since: "2.9" },
  { kind: "HelmRelease", version: "v2", field: "postRenderStrategy", since: "2.9" },
];

/** The fields worth looking for, since discovery leaves minors of both kinds open: with the field and without it. */
export function openTies(served: ServedVersions): SchemaTie[] {
  const minors = minorsServing(served);
  return ties.filter(({ kind, version, since }) => {
    const having = minors.filter((minor) => isSince(minor, since));
    return served[kind]?.includes(version) && having.length > 0 && having.length < minors.length;
  });
}

/** Those of the minors that the schemas leave; all of them when the schemas are of none. */
export function breakTies(minors: readonly string[], answers: readonly SchemaAnswer[]): readonly string[] {
  const left = minors.filter((minor) => answers.every(({ since, has }) => isSince(minor, since) === has));
  return left.length > 0 ? left : minors;
}

/** Where the API server publishes the schema (OpenAPI v3, Kubernetes 1.24 and newer). */
export function schemaPath({ kind, version }: SchemaTie): string {
  return `/openapi/v3/apis/${tellingKinds[kind].group}/${version}`;
}

interface Schema {
  properties?: Record<string, Schema>;
  "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
}

/** Looks into what stands at {@link schemaPath}; undefined when the kind's fields are not in it. */
export function answerTie(tie: SchemaTie, document: unknown): SchemaAnswer | undefined {
  const { components } = (document ?? {}) as { components?: { schemas?: Record<string, Schema> } };
  const { group } = tellingKinds[tie.kind];
  const ofKind = Object.values(components?.schemas ?? {}).find((schema) =>
    schema["x-kubernetes-group-version-kind"]?.some(
      (one) => one.group === group && one.version === tie.version && one.kind === tie.kind,
    ),
  );
  const spec = ofKind?.properties?.["spec"];
  if (!spec?.properties) return undefined;
  const field = tie.field
    .split(".")
    .reduce<Schema | undefined>((schema, name) => schema?.properties?.[name], spec);
  return { ...tie, has: field !== undefined };
}
