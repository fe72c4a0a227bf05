import { isMap } from "../is-map.js";
import type { LiveObject } from "../kube/object.js";
import { groupKindOf, idOf } from "../kube/object-id.js";

interface Secret extends LiveObject {
  data?: Values;
  stringData?: Values;
}

type Values = Readonly<Record<string, unknown>> | null | undefined;

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const mask = "++++++++";

/**
 * A Secret without its values, hidden as Argo CD hides them (gitops-engine `HideSecretData`): "++++++++" for each, and four
 * more for each further value that one key has in the annotation which `kubectl apply` writes. Other objects as they are.
 *
 * @param sensitive annotations of Secrets that Argo CD was told to hide
 */
export function withoutSecrets(object: LiveObject, sensitive: readonly string[]): LiveObject {
  if (groupKindOf(idOf(object)) !== "/Secret") return object;
  const { stringData, data, ...secret } = object as Secret;
  const applied = appliedConfiguration(object);
  const masks = new Map<string, string[]>();
  const values = maskAll(allData(data, stringData), masks);
  const metadata = { ...secret.metadata };
  if (metadata.annotations) {
    metadata.annotations = Object.fromEntries(
      Object.entries(metadata.annotations).map(([key, value]) => [
        key,
        sensitive.includes(key) ? mask : value,
      ]),
    );
    if (applied !== undefined) {
      metadata.annotations[lastApplied] =
        sensitive.includes(lastApplied) || applied === "unreadable"
          ? mask
          : renderApplied(applied, masks, sensitive);
    }
  }
  return { ...secret, metadata, ...(Object.keys(values).length > 0 ? { data: values } : {}) } as LiveObject;
}

function appliedConfiguration(object: LiveObject): Secret | "unreadable" | undefined {
  const text: unknown = object.metadata.annotations?.[lastApplied];
  if (text === undefined) return undefined;
  if (typeof text !== "string") return "unreadable";
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) && (value["metadata"] === undefined || isMap(value["metadata"]))
      ? (value as unknown as Secret)
      : "unreadable";
  } catch (error) {
    if (error instanceof SyntaxError) return "unreadable";
    throw error;
  }
}

/** Only what a Secret is made of: somebody may have written values into fields that nobody expects them in. */
function renderApplied(applied: Secret, masks: Map<string, string[]>, sensitive: readonly string[]): string {
  const { apiVersion, kind, metadata } = withoutSecrets(
    { ...applied, apiVersion: "v1", kind: "Secret", metadata: applied.metadata ?? { name: "" } },
    sensitive,
  );
  const { type } = applied as { type?: unknown };
  const data = maskAll(allData(applied.data, applied.stringData), masks);
  return JSON.stringify({ apiVersion, data, kind, metadata, ...(typeof type === "string" ? { type } : {}) });
}

/** `stringData` in its `data` form, as the API server merges it. */
function allData(data: Values, stringData: Values): Record<string, unknown> {
  const encoded = Object.entries(stringData ?? {}).map(([key, value]) => [
    key,
    Buffer.from(textOf(value)).toString("base64"),
  ]);
  return { ...data, ...Object.fromEntries(encoded) };
}

/** Of a Secret that was applied, anything may stand for a value. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function maskAll(
  data: Readonly<Record<string, unknown>>,
  masks: Map<string, string[]>,
): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [key, value] of Object.entries(data)) {
    const seen = masks.get(key) ?? [];
    masks.set(key, seen);
    const text = textOf(value);
    if (!seen.includes(text)) seen.push(text);
    masked[key] = mask + "++++".repeat(seen.indexOf(text));
  }
  return masked;
}
