import { excerptOf } from "../answer.js";
import { ForeignAnswerError, type Status, StatusError } from "../failure.js";
import type { KubeObject } from "../object.js";

/** One line of a watch. */
export interface Step<T extends KubeObject> {
  type: "set" | "gone" | "bookmark";
  /** of a bookmark only `metadata.resourceVersion` */
  object: T;
}

const types = { ADDED: "set", MODIFIED: "set", DELETED: "gone", BOOKMARK: "bookmark" } as const;

/**
 * What a line of a watch says (`k8s.io/apimachinery/pkg/watch`).
 *
 * @example '{"type":"DELETED","object":{…}}' becomes { type: "gone", object: {…} }
 * @throws StatusError for an ERROR, such as 410 for what happened too long ago; ForeignAnswerError for what is none of it
 */
export function readEvent<T extends KubeObject>(line: string): Step<T> {
  const { type, object } = parsed(line);
  if (type === "ERROR") throw new StatusError((object as { code?: number }).code ?? 500, object as Status);
  if (typeof type !== "string" || !Object.hasOwn(types, type) || !isObject(object)) throw foreign(line);
  return { type: types[type as keyof typeof types], object: object as T };
}

function parsed(line: string): { type?: unknown; object?: unknown } {
  try {
    const event: unknown = JSON.parse(line);
    if (isObject(event) && isObject(event["object"])) return event;
  } catch {
    // said below
  }
  throw foreign(line);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** What may be an object is not shown: it can be a Secret. */
function foreign(line: string): ForeignAnswerError {
  return new ForeignAnswerError(
    "not JSON",
    line.startsWith("{") ? "an event of an unknown form" : excerptOf(line),
  );
}
