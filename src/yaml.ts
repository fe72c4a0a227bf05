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

/**
 * Every document of a YAML (or JSON) text; empty ones are undefined or null.
 *
 * @throws YamlError for the first thing that is wrong
 */
export function readYaml(text: string): unknown[] {
  try {
    return loadAll(text.replace(/^\uFEFF/, ""), { schema });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlError(error.reason, (error.mark?.line ?? 0) + 1, (error.mark?.column ?? 0) + 1);
  }
}

/** One YAML document with "---" above. Whatever YAML 1.1 readers would take for something else is quoted. */
export function renderYaml(value: unknown): string {
  return `---\n${dump(value, { lineWidth: -1, noRefs: true, seqNoIndent: true })}`;
}
