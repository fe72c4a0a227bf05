import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  dump,
  loadAll,
  mapTag,
  mergeTag,
  seqTag,
  YAMLException,
} from "js-yaml";

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
const foreignTags = ["!", "tag:yaml.org,2002:"].flatMap((prefix) => [
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
  const source = text.replace(/^\uFEFF/gm, "").replace(/(?<=^\}[ \t]*\r?\n|^\{.*\}[ \t]*\r?\n)(?=\{)/gm, "--- ");
  try {
    return loadAll(source, { schema, maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw explain(error, source);
  }
}

/** js-yaml tells of `name: {{ .Name }}` (a mapping as a key) at the start of the document only. */
function explain({ reason, mark }: YAMLException, source: string): YamlError {
  const template = reason.includes("complex keys") ? source.indexOf("{{", mark?.position) : -1;
  if (template === -1) return new YamlError(reason, (mark?.line ?? 0) + 1, (mark?.column ?? 0) + 1);
  const lines = source.slice(0, template).split("\n");
  return new YamlError("{{ is no YAML, but a template", lines.length, (lines.at(-1)?.length ?? 0) + 1);
}

/** One YAML document with "---" above. Whatever YAML 1.1 readers would take for something else is quoted. */
export function renderYaml(value: unknown): string {
  return `---\n${dump(value, { lineWidth: -1, noRefs: true, seqNoIndent: true })}`;
}
