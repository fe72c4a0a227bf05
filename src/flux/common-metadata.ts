import type { KubeObject } from "../kube/object.js";

/** `spec.commonMetadata` of what applies objects: these go before an object's own. */
export interface CommonMetadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export function withCommonMetadata<T extends KubeObject>(object: T, common: CommonMetadata | undefined): T {
  const { labels, annotations } = common ?? {};
  if (!labels && !annotations) return object;
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(labels && { labels: { ...metadata.labels, ...labels } }),
      ...(annotations && { annotations: { ...metadata.annotations, ...annotations } }),
    },
  };
}
