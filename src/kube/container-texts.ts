import type { KeptTexts, KeyRef, Texts } from "./container/env.js";
import { ConfigMap, Secret } from "./kinds.js";
import type { Reader } from "./kube.js";
import type { Kind } from "./object.js";

const kinds: Readonly<Record<KeyRef["kind"], Kind<ConfigMap | Secret>>> = { ConfigMap, Secret };

/**
 * The ConfigMaps and Secrets of a namespace that hold these keys. One that does not exist is not in the answer.
 *
 * @param kept those that were read before: they are not asked for again
 */
export async function readTexts(
  reader: Reader,
  namespace: string,
  refs: readonly KeyRef[],
  kept: KeptTexts = { configMaps: new Map(), secrets: new Map() },
): Promise<KeptTexts> {
  const texts = { configMaps: new Map(kept.configMaps), secrets: new Map(kept.secrets) };
  const storeOf = (kind: KeyRef["kind"]) => (kind === "ConfigMap" ? texts.configMaps : texts.secrets);
  const unread = refs.filter(({ kind, name }) => name !== "" && !storeOf(kind).has(name));
  const objects = new Map(unread.map((ref) => [`${ref.kind}/${ref.name}`, ref]));
  await Promise.all(
    [...objects.values()].map(async ({ kind, name }) => {
      const object = await reader.find(kinds[kind], { namespace, name });
      if (object) storeOf(kind).set(name, kind === "Secret" ? decoded(object.data) : (object.data ?? {}));
    }),
  );
  return texts;
}

/** The data of a Secret as text. */
export function decoded(data: Readonly<Record<string, string>> = {}): Texts {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
}
