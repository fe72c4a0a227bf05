/** Which objects the messages of Flux's controllers name, and what they say of each. Pure. */
import type { ObjectId } from "../kube/object-id.js";

/** An object that a message names; what it does not say of it is undefined. */
export interface Mention {
  kind: string;
  name: string;
  /** "" for what is in none */
  namespace: string | undefined;
  group: string | undefined;
  version: string | undefined;
  /** only named as something that was done well, in the list that follows the error of a partial apply */
  isDone: boolean;
  /** the message without what it says of other objects */
  said: string;
}

const kind = String.raw`(?<kind>[A-Z]\w*)`;
const namespace = "(?<namespace>[a-z0-9][-a-z0-9]*)";
const name = String.raw`(?<name>\w(?:[-\w.:]{0,251}\w)?)`;
const group = "(?<group>[a-z0-9][-a-z0-9.]*)";
const version = String.raw`(?<version>v\d\w*)`;
const start = String.raw`(?<![\w./=-])`;

/** What follows the name of a cluster-scoped object, lest every "HTTP/2" be one. */
const verdict = [
  "status: '|dry-run failed|apply failed|not found: |immutable field |metadata.managedFields |normalization error",
  "is SOPS encrypted|termination timeout|query failed|delete failed|not ready. |still exists. |failed to migrate ",
  "(?:created|configured|deleted)$",
].join("|");

const patterns = [
  // fluxcd/pkg ssa `FmtObjMetadata`, and the waiting of Helm since 4.1
  `${start}${kind}/${namespace}/${name}`,
  `${start}${kind}//?${name}(?= (?:${verdict}))`,
  // Helm 3.18 to 4.0
  `resource not ready, name: ${name}, kind: ${kind},`,
  // helm.sh/helm/v4 pkg/kube/client.go and pkg/action/validate.go; the first in the API server's words, too
  `${start}${namespace}?/${name};? ${group}?/?${version}, Kind=${kind}`,
  `cannot patch "${name}" with kind ${kind}`,
  `namespace=${namespace}?, name=${name}, kind=${kind}`,
  `${start}${kind} "${name}" in namespace "${namespace}?"`,
  // k8s.io/apimachinery pkg/api/errors `NewInvalid`
  `${start}${kind}(?:\\.${group})? "${name}" is invalid`,
].map((pattern) => new RegExp(pattern, "gm"));

/** So many are read, and nothing of a message beyond: whoever may write a workload's status may have written it. */
const most = 200;

/** Each object once, in the order in which they are named. */
export function mentionsIn(message: string): Mention[] {
  return [...new Set(namesIn(message).names.map(({ mention }) => mention))];
}

/** The message with "…" for the names of those that may not be shown. */
export function withoutMentions(message: string, isShown: (mention: Mention) => boolean): string {
  const { names, end } = namesIn(message);
  let text = "";
  let rest = 0;
  for (const { at, length, mention } of names) {
    if (at < rest || isShown(mention)) continue;
    text += `${message.slice(rest, at)}…`;
    rest = at + length;
  }
  return text + message.slice(rest, end) + (end < message.length ? "…" : "");
}

/** Those of some objects that a mention may mean; one, as a rule. */
export function meantBy<T extends ObjectId>(mention: Mention, objects: readonly T[]): T[] {
  return objects.filter((object) => isSame(mention, object));
}

interface Named {
  at: number;
  length: number;
  mention: Mention;
}

/** @returns also where the message ends, for all that is read of it */
function namesIn(message: string): { names: Named[]; end: number } {
  const found = patterns
    .flatMap((pattern) => [...message.matchAll(pattern)])
    .sort((a, b) => a.index - b.index);
  const preamble = message.slice(0, found[0]?.index);
  const mentions: Mention[] = [];
  const names = found.slice(0, most).map((match, place): Named => {
    const part = message.slice(match.index, found[place + 1]?.index);
    const read = readMention(match, part);
    let mention = mentions.find((known) => isSame(known, read));
    if (mention) {
      mention.said += part;
      mention.namespace ??= read.namespace;
      mention.group ??= read.group;
      mention.version ??= read.version;
    } else {
      mention = { ...read, said: preamble + part };
      mentions.push(mention);
    }
    return { at: match.index, length: match[0].length, mention };
  });
  for (const mention of mentions) mention.said = tidy(mention.said);
  return { names, end: found[most]?.index ?? message.length };
}

function readMention({ groups = {}, 0: text }: RegExpExecArray, part: string): Omit<Mention, "said"> {
  const { kind = "", name = "", namespace, group, version } = groups;
  const isWhole = /^[^"]*\/|Kind=|namespace=|in namespace/.test(text);
  return {
    kind,
    name,
    namespace: namespace ?? (isWhole ? "" : undefined),
    // the core group has no name
    group: group ?? (version || text.endsWith(" is invalid") ? "" : undefined),
    version,
    isDone: /^\S+ (?:created|configured|deleted)(?:\n|$)/.test(part),
  };
}

type Parts = Pick<Mention, "kind" | "name" | "namespace" | "group">;

function isSame(a: Parts, b: Parts): boolean {
  const agree = (one: string | undefined, other: string | undefined) =>
    one === undefined || other === undefined || one === other;
  return a.kind === b.kind && a.name === b.name && agree(a.namespace, b.namespace) && agree(a.group, b.group);
}

/** Without what held a list together. */
function tidy(text: string): string {
  return text.replace(": [", ": ").replace(/(?:[\s,;\]]|&&)+$/, "");
}
