import {
  CORE_SCHEMA,
  DUMP_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  dump,
  floatCoreTag,
  floatYaml11Tag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  seqTag,
  YAMLException,
} from "js-yaml";
import { loadAllAsGo } from "./yaml-of-go.js";

/** Where and why a text is no YAML; lines and columns count from 1. */
export class YamlError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(reason);
    this.line = line;
    this.column = column;
  }
}

// Tags of other programs (`!reference`, `!Ref`, `!!python/name`) stand in files beside Flux's; what they tag is read as is.
const foreignTags = ["!", "tag:"].flatMap((prefix) => [
  defineScalarTag(prefix, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag(prefix, { ...seqTag, matchByTagPrefix: true, identify: () => false }),
  defineMappingTag(prefix, { ...mapTag, matchByTagPrefix: true, identify: () => false }),
]);

// YAML 1.2's core schema: dates stay text, "yes" and "on" too
const schema = CORE_SCHEMA.withTags(mergeTag, ...foreignTags);

/** CRDs nest deeper than js-yaml's default of 100. */
const maxDepth = 1000;

/**
 * Every document of a YAML (or JSON) text; empty ones are undefined or null. Files that were put together by `cat` have
 * byte order marks in the middle, JSON ones follow each other without "---".
 *
 * @throws YamlError for the first thing that is wrong
 */
export function readYaml(text: string): unknown[] {
  const source = separated(text.replace(/^\uFEFF/gm, ""));
  try {
    return loadAllAsGo(source, { schema, maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw explain(error, source);
  }
}

/** Puts "---" between JSON documents. */
function separated(text: string): string {
  // looking for the pattern would take a tenth of the time of parsing, and there is seldom anything to find
  if (!text.includes("\n{")) return text;
  return text.replace(/(?=\{)(?<=^\}[ \t]*\r?\n|^\{.*\}[ \t]*\r?\n)/gm, "--- ");
}

/** What a {@link YamlError} says of templates of Helm and the like. */
export const isTemplate = "{{ is no YAML, but a template";

function explain({ reason, mark }: YAMLException, source: string): YamlError {
  const { position = 0, line = 0, column = 0 } = mark ?? {};
  // js-yaml tells of `name: {{ .Name }}` (a mapping as a key) at the start of the document only
  const from = reason.includes("complex keys") ? position : position - column;
  const template = source.indexOf("{{", from);
  const isHere = template !== -1 && (from === position || !source.slice(from, template).includes("\n"));
  if (!isHere) return new YamlError(reason, line + 1, column + 1);
  const lines = source.slice(0, template).split("\n");
  return new YamlError(isTemplate, lines.length, (lines.at(-1)?.length ?? 0) + 1);
}

/**
 * What js-yaml leaves bare and some reader of YAML 1.1 takes for something else: "." and "e1", numbers by the letter of
 * the specification, and dates such as "2026-1-2".
 */
const treacherous =
  /^(?:[-+]?(?:\d[\d_]*)?(?:\.[\d_]*|(?:\.[\d_]*)?e[-+]?\d+)|\d{4}-\d\d?-\d\d?(?:[Tt \t].*)?)$/i;

const dumpSchema = DUMP_SCHEMA.withTags({
  ...floatYaml11Tag,
  implicitFirstChars: [..."+-.0123456789eE"],
  resolve: (source, ...rest) => {
    if (treacherous.test(source)) return Number.NaN;
    const result = floatYaml11Tag.resolve(source, ...rest);
    return result === NOT_RESOLVED ? floatCoreTag.resolve(source, ...rest) : result;
  },
});

/** One YAML document with "---" above. Whatever YAML 1.1 readers would take for something else is quoted. */
export function renderYaml(value: unknown): string {
  return `---\n${dump(value, { lineWidth: -1, noRefs: true, seqNoIndent: true, schema: dumpSchema })}`;
}
