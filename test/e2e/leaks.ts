import { gunzipSync } from "node:zlib";
import type { TestObject } from "../cluster/crds.js";
import type { Rig } from "./e2e.js";

/** A value that nobody is to see, and where it stands. */
export interface Hidden {
  where: string;
  value: Buffer;
}

/** Everything in all Secrets of the cluster that is worth hiding. */
export async function hiddenInSecrets(rig: Rig): Promise<Hidden[]> {
  const secrets = await rig.cluster.list<TestObject>("v1", "Secret");
  return secrets.flatMap(({ metadata, data = {}, type }) =>
    Object.entries(data as Record<string, string>)
      // a namespace, a certificate and a time are no secrets
      .filter(([key]) => type !== "kubernetes.io/service-account-token" || key === "token")
      .filter(([key]) => key !== "admin.passwordMtime")
      .map(([key, value]) => ({
        where: `${metadata.namespace}/${metadata.name} ${key}`,
        value: Buffer.from(value, "base64"),
      }))
      .filter(({ value }) => value.length >= 8),
  );
}

/** All that redis holds, unpacked. */
export async function redisTexts(rig: Rig): Promise<Map<string, string>> {
  const keys = (await rig.redis.command("KEYS", "*")) as Buffer[];
  const texts = new Map<string, string>();
  for (const key of keys) {
    // one that has expired meanwhile has nothing; other types are not what Argo CD uses
    const value = await rig.redis.command("GET", key).catch(() => null);
    if (value instanceof Buffer) texts.set(`redis ${key}`, unpacked(value).toString("latin1"));
  }
  return texts;
}

function unpacked(value: Buffer): Buffer {
  return value[0] === 0x1f && value[1] === 0x8b ? gunzipSync(value) : value;
}

/**
 * Where what must be hidden is to be found, as it is, escaped, or in base64 at any place of it: "sec/plain password in redis …".
 *
 * @param texts by where they are from
 */
export function leaksIn(texts: ReadonlyMap<string, string>, hidden: readonly Hidden[]): string[] {
  return hidden.flatMap(({ where, value }) => {
    const forms = formsOf(value);
    return [...texts]
      .filter(([, text]) => forms.some((form) => text.includes(form)))
      .map(([place]) => `${where} in ${place}`);
  });
}

/** A long value would be seen by how it begins. */
function formsOf(whole: Buffer): string[] {
  const value = whole.subarray(0, 60);
  const text = value.toString("latin1");
  const encoded = [0, 1, 2].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), value]);
    // the letters at both ends depend on what is beside them
    const letters = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
    return letters.slice([0, 2, 3][shift]);
  });
  return [text, JSON.stringify(text).slice(1, -1), ...encoded];
}
