import type { ApiRequest } from "./http.js";
import type { ListOptions } from "./kube.js";
import type { Kind, KubeObject, ObjectRef } from "./object.js";
import { apiVersionOf, resourcePath } from "./resource.js";

/** The request for one object. */
export function findRequest(
  kind: Kind,
  version: string,
  ref: ObjectRef,
  { metadataOnly }: Pick<ListOptions, "metadataOnly">,
): ApiRequest {
  return {
    method: "GET",
    path: resourcePath(kind, version, ref),
    ...(metadataOnly ? { accept: metadataAs("PartialObjectMetadata") } : {}),
  };
}

/** The request for a list of these objects. */
export function listRequest(kind: Kind, version: string, wanted: ListOptions): ApiRequest {
  const { namespace, labels, name, node, metadataOnly } = wanted;
  const fields = name ? `metadata.name=${name}` : node && `spec.nodeName=${node}`;
  return {
    method: "GET",
    path: resourcePath(kind, version, { namespace }),
    query: { labelSelector: labels, fieldSelector: fields },
    ...(metadataOnly ? { accept: metadataAs("PartialObjectMetadataList") } : {}),
  };
}

/** The request for what happens to them after `resourceVersion`, for so long. */
export function watchRequest(
  kind: Kind,
  version: string,
  wanted: ListOptions,
  { resourceVersion, timeoutSeconds }: { resourceVersion: string; timeoutSeconds: number },
): ApiRequest {
  const request = listRequest(kind, version, wanted);
  return {
    ...request,
    query: {
      ...request.query,
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion,
      timeoutSeconds: String(timeoutSeconds),
    },
    ...(wanted.metadataOnly ? { accept: metadataAs("PartialObjectMetadata") } : {}),
  };
}

/** No "or else all of it": who wants metadata alone must not be sent more (406 where an API server cannot). */
function metadataAs(kind: string): string {
  return `application/json;as=${kind};g=meta.k8s.io;v=v1`;
}

/** Items of built-in kinds come without `apiVersion` and `kind`, and metadata alone with those of its own type. */
export function typed<T extends KubeObject>(kind: Kind<T>, version: string): (item: T) => T {
  const apiVersion = apiVersionOf(kind, version);
  return (item) => (item.kind === kind.kind ? item : { ...item, apiVersion, kind: kind.kind });
}
