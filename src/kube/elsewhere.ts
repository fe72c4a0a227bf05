/** Looks further for an object that is not where it was looked for: a kindness, so whoever may not look is told what is known. */
import { ExitCode, UserError } from "../errors.js";
import { closest } from "../text/closest.js";
import type { ListOptions, Reader } from "./kube.js";
import type { Kind, ObjectMeta, ObjectRef } from "./object.js";

/** How somebody types what he looks for. */
export interface Typed {
  /** the flag of the namespace: "-n" */
  flag: string;
  /** "ks/podinfo" */
  spelled(name: string): string;
  /** only names of objects with these labels are offered */
  labels?: string;
  /** the hint where no name is near */
  otherwise: string;
}

/** Tells that there is no such object, where else one of this name is, or which names are near it: exit code 5. */
export async function absence(
  reader: Reader,
  kind: Kind,
  { name, namespace }: ObjectRef,
  { flag, spelled, labels, otherwise }: Typed,
): Promise<UserError> {
  const sentence = `${kind.kind} ${name} not found${namespace === undefined ? "" : ` in ${namespace}`}`;
  const exitCode = ExitCode.notFound;
  const elsewhere = namespace === undefined ? [] : await namespacesWith(reader, kind, name);
  const [first] = elsewhere;
  if (first !== undefined)
    return new UserError(`${sentence}; it is in ${elsewhere.join(", ")}`, {
      hint: `Add ${flag} ${first}`,
      exitCode,
    });
  const guesses = await namesNear(reader, kind, name, { namespace, labels });
  const hint = guesses.length > 0 ? `Did you mean ${guesses.map(spelled).join(" or ")}?` : otherwise;
  return new UserError(sentence, { hint, exitCode });
}

/** In which namespaces there are objects of this name. */
async function namespacesWith(reader: Reader, kind: Kind, name: string): Promise<string[]> {
  return (await found(reader, kind, { name })).map(({ namespace = "" }) => namespace);
}

/** What may have been meant by a name, the likeliest first. */
async function namesNear(
  reader: Reader,
  kind: Kind,
  name: string,
  where: Pick<ListOptions, "namespace" | "labels">,
): Promise<string[]> {
  return closest(
    name,
    (await found(reader, kind, where)).map((metadata) => metadata.name),
  );
}

async function found(reader: Reader, kind: Kind, options: ListOptions): Promise<ObjectMeta[]> {
  const all: ObjectMeta[] = [];
  try {
    for await (const page of reader.list(kind, { ...options, metadataOnly: true }))
      all.push(...page.map(({ metadata }) => metadata));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return all;
}
