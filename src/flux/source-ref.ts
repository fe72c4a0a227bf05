/** A `sourceRef` or `chartRef` as it is written. */
export interface NamedReference {
  apiVersion?: string;
  kind?: string;
  name?: string;
  namespace?: string;
}

/** A pointer to a source with nothing left open. */
export interface SourceRef {
  kind: string;
  namespace: string;
  name: string;
}

/** A reference without namespace means the namespace of the object that holds it. */
export function sourceRefFrom(reference: NamedReference, namespace: string): SourceRef {
  return {
    kind: reference.kind ?? "",
    namespace: reference.namespace || namespace,
    name: reference.name ?? "",
  };
}
