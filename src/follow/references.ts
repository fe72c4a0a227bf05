import type { KubeObject } from "../kube/object.js";
import { keyOf } from "../kube/object-id.js";
import type { ReferenceLookUp } from "./substitute/substitute.js";

interface Data extends KubeObject {
  data?: Readonly<Record<string, string>>;
  stringData?: Readonly<Record<string, string>>;
}

/** The ConfigMaps and Secrets among objects, as `postBuild.substituteFrom` reads them. What SOPS encrypted is undefined. */
export function lookUpIn(objects: ReadonlyMap<string, KubeObject>): ReferenceLookUp {
  return ({ kind, name, namespace }) => {
    const found = objects.get(keyOf({ group: "", kind, namespace, name }));
    return found
      ? new Map(Object.entries(valuesOf(found)).map(([key, value]) => [key, readable(value)]))
      : "absent";
  };
}

function valuesOf({ kind, data = {}, stringData = {} }: Data): Readonly<Record<string, string>> {
  if (kind !== "Secret") return data;
  const decoded = Object.entries(data).map(([key, value]) => [
    key,
    isEncrypted(value) ? value : decode(String(value)),
  ]);
  return { ...Object.fromEntries(decoded), ...stringData };
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

function readable(value: unknown): string | undefined {
  const text = String(value);
  return isEncrypted(text) ? undefined : text;
}

function isEncrypted(value: unknown): boolean {
  return String(value).startsWith("ENC[");
}
