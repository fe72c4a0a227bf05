import type { Pod } from "./pod.js";

/** Where a Pod runs, which its own object does not say yet when its containers are made. */
export interface Whereabouts {
  nodeName: string;
  podIp: string;
  hostIp: string;
}

/** What the downward API says at a field's path; a label is `metadata.labels['NAME']`. */
export function fieldOf({ metadata, spec }: Pod, path: string, where: Whereabouts): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (map && key) return metadata[map as "labels" | "annotations"]?.[key] ?? "";
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
    "metadata.uid": metadata.uid,
    "spec.nodeName": where.nodeName,
    "spec.serviceAccountName": spec.serviceAccountName,
    "status.podIP": where.podIp,
    "status.podIPs": where.podIp,
    "status.hostIP": where.hostIp,
  };
  const text = fields[path];
  if (text === undefined) throw new Error(`The stand-in for the kubelet does not know the field ${path}`);
  return text;
}
