import { isSettings } from "./argo-settings.js";
import { groupKindOf, groupOf, type LiveObject } from "./live-object.js";
import { isOfFlux } from "./packed.js";

/**
 * An object without what neither its node nor its health needs: of tens of thousands that are watched, most of the memory.
 * `managedFields`, contents of ConfigMaps, schemas of CRDs and templates of Pods go; Flux's own objects stay whole, and what
 * Argo CD is told.
 */
export function slim(object: LiveObject): LiveObject {
  const group = groupOf(object.apiVersion);
  if (isOfFlux(object) || group === "argoproj.io" || isSettings(object)) return withMetadata(object, object);
  const { apiVersion, kind } = object;
  const { spec, status, revision } = object as Body;
  const kept = specOf(groupKindOf({ group, kind }), spec);
  return withMetadata(object, {
    ...{ apiVersion, kind },
    ...(kept === undefined ? {} : { spec: kept }),
    ...(status === undefined ? {} : { status }),
    // of a ControllerRevision
    ...(revision === undefined ? {} : { revision }),
  });
}

type Body = LiveObject & { spec?: Fields; status?: unknown; revision?: unknown };
type Fields = Record<string, unknown>;

function withMetadata(object: LiveObject, body: object): LiveObject {
  const { managedFields: _, annotations, ...metadata } = object.metadata;
  return {
    ...(body as LiveObject),
    metadata: { ...metadata, ...(annotations ? { annotations: shortAnnotations(annotations) } : {}) },
  };
}

/** Longer values are configurations, which no node shows. */
const longestAnnotation = 1024;

function shortAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([, value]) => value.length <= longestAnnotation),
  );
}

function specOf(groupKind: string, spec: Fields | undefined): Fields | undefined {
  if (spec === undefined || groupKind === "apiextensions.k8s.io/CustomResourceDefinition") return undefined;
  if (groupKind === "/Pod") return podSpec(spec);
  const { template: _, jobTemplate: __, ...rest } = spec;
  return rest;
}

function podSpec({ containers, initContainers, nodeName, ...spec }: Fields): Fields {
  const kept = ["restartPolicy", "readinessGates", "resources", "overhead"].filter((name) => name in spec);
  return {
    ...Object.fromEntries(kept.map((name) => [name, spec[name]])),
    ...(nodeName === undefined ? {} : { nodeName }),
    containers: slimContainers(containers),
    ...(initContainers === undefined ? {} : { initContainers: slimContainers(initContainers) }),
  };
}

function slimContainers(containers: unknown): Fields[] {
  return ((containers ?? []) as Fields[]).map(({ name, image, resources, restartPolicy }) => ({
    name,
    image,
    ...(resources === undefined ? {} : { resources }),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  }));
}
