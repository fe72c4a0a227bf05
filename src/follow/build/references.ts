import { folded, type KustomizationFile } from "./kustomization-file.js";

/** What kustomize reads where a kustomization file mentions something. */
export interface Reference {
  text: string;
  /** "resource": a file, or a folder with a kustomization file; "patch" and "plugin": these, or the content itself */
  as: "file" | "folder" | "resource" | "patch" | "plugin";
}

const fields: Readonly<Record<string, Reference["as"]>> = {
  resources: "resource",
  bases: "resource",
  components: "folder",
  crds: "file",
  configurations: "file",
  patchesStrategicMerge: "patch",
  generators: "plugin",
  transformers: "plugin",
  validators: "plugin",
};

/** Fields that take configurations of plugins. */
export const pluginFields: ReadonlySet<string> = new Set(
  Object.keys(fields).filter((field) => fields[field] === "plugin"),
);

/** Fields whose items name files, and in which fields of theirs. */
const fieldsOfItems: Readonly<Record<string, readonly string[]>> = {
  patches: ["path"],
  patchesJson6902: ["path"],
  replacements: ["path"],
  configMapGenerator: ["files", "envs", "env"],
  secretGenerator: ["files", "envs", "env"],
};

/** Fields of kustomize's built-in plugins that name files; `path` is also the place in an object. */
const fieldsOfPlugins = new Set(
  "path paths files envs env targetfilepath valuesfile additionalvaluesfiles charthome confighome".split(" "),
);

/** Everything that kustomize 5.8 reads because a kustomization file says so; Helm charts aside, which Flux does not read. */
export function referencesIn(file: KustomizationFile): Reference[] {
  return Object.entries(file).flatMap(([field, value]): Reference[] => {
    const as = fields[field];
    if (as) return texts(value).map((text) => ({ text, as }));
    if (field === "openapi") return filesNamedIn(value, ["path"]);
    const named = fieldsOfItems[field];
    return named && Array.isArray(value) ? value.flatMap((item) => filesNamedIn(item, named)) : [];
  });
}

/** The texts of a plugin's configuration that may name files, at any depth. */
export function filesNamedInPlugin(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(filesNamedInPlugin);
  return entriesOf(value).flatMap(([field, inner]) =>
    fieldsOfPlugins.has(folded(field))
      ? [...filesIn(field, inner), ...(Array.isArray(inner) ? inner.flatMap(filesNamedInPlugin) : [])]
      : filesNamedInPlugin(inner),
  );
}

function filesNamedIn(item: unknown, named: readonly string[]): Reference[] {
  return entriesOf(item).flatMap(([field, value]) =>
    named.includes(folded(field)) ? filesIn(field, value).map((text) => ({ text, as: "file" as const })) : [],
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** Of "app.conf=files/app.conf", which `files` take to put a file under another key, the file. */
function filesIn(field: string, value: unknown): string[] {
  const named = texts(value);
  return folded(field) === "files" ? named.map((text) => text.slice(text.indexOf("=") + 1)) : named;
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string" && one !== "");
}
