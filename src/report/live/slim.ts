import { isSettings } from "../../argo/settings.js";
import { isFluxGroup } from "../../flux/groups.js";
import { isMap } from "../../is-map.js";
import type { LiveObject } from "../../kube/object.js";
import { groupKindOf, groupOf } from "../../kube/object-id.js";

/**
 * An object without what neither its node nor its health needs: of tens of thousands that are watched, most of the memory.
 * `managedFields`, contents of ConfigMaps, schemas of CRDs and templates of Pods go; Flux's own objects stay whole, and what
 * Argo CD is told.
 */
export function slim(object: LiveObject): LiveObject {
  const group = groupOf(object.apiVersion);
  if (isFluxGroup(group) || group === "argoproj.io" || isSettings(object))
    return withMetadata(object, object);
  const { apiVersion, kind } = object;
  const { spec, status, revision } = object as Body;
  const groupKind = groupKindOf({ group, kind });
  const kept = specOf(groupKind, spec);
  return withMetadata(object, {
    ...{ apiVersion, kind },
    ...(kept === undefined ? {} : { spec: kept }),
    ...(status === undefined ? {} : { status: statusOf(groupKind, status) }),
    // of a ControllerRevision
    ...(revision === undefined ? {} : { revision }),
  });
}

type Body = LiveObject & { spec?: unknown; status?: unknown; revision?: unknown };
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

function specOf(groupKind: string, spec: unknown): unknown {
  if (spec === undefined || groupKind === "apiextensions.k8s.io/CustomResourceDefinition") return undefined;
  // of a kind whose CRD takes anything
  if (!isMap(spec)) return spec;
  if (groupKind === "/Pod") return only(podSpec, spec);
  const { template: _, jobTemplate: __, ...rest } = spec;
  return rest;
}

function statusOf(groupKind: string, status: unknown): unknown {
  if (groupKind === "/Pod") return only(podStatus, status);
  return groupKind === "/Node" ? only(nodeStatus, status) : status;
}

/** Fields that are kept: plain ones, and of the items of lists. */
interface Kept {
  fields: readonly string[];
  lists: Readonly<Record<string, readonly string[]>>;
}

const container = ["name", "image", "resources", "restartPolicy"];

const podSpec: Kept = {
  fields: ["nodeName", "restartPolicy", "readinessGates", "resources", "overhead"],
  lists: { containers: container, initContainers: container },
};

const containerStatus = [
  ...["name", "ready", "started", "restartCount", "state", "lastState"],
  ...["resources", "allocatedResources"],
];

/** Of Pods there are most: without addresses, times and digests of images. */
const podStatus: Kept = {
  fields: ["phase", "reason", "message"],
  lists: {
    conditions: ["type", "status", "reason"],
    containerStatuses: containerStatus,
    initContainerStatuses: containerStatus,
  },
};

/** Without the images that it holds, which are many. */
const nodeStatus: Kept = {
  fields: ["nodeInfo", "capacity"],
  lists: { conditions: ["type", "status", "reason", "message"] },
};

function only({ fields, lists }: Kept, object: unknown): Fields {
  const kept = pick(object, fields);
  for (const [name, names] of Object.entries(lists)) {
    const items = isMap(object) ? object[name] : undefined;
    if (Array.isArray(items)) kept[name] = items.map((item) => pick(item, names));
  }
  return kept;
}

function pick(object: unknown, names: readonly string[]): Fields {
  if (!isMap(object)) return {};
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]]),
  );
}
