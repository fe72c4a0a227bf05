/** What a container finds in its environment (core/v1, as the kubelet makes it). Pure. */
import type { Container, EnvVariable } from "../kinds.js";

/** A key of a ConfigMap or Secret beside the container. */
export interface KeyRef {
  kind: "ConfigMap" | "Secret";
  name: string;
  key: string;
}

/** Where a container has a text from. */
export type TextSource =
  | { text: string }
  | KeyRef
  /** a file of which flamingo does not know what is in it */
  | { file: string };

/** Texts by object and key, those of Secrets decoded. An object that is not in here does not exist, or was not asked for. */
export interface KeptTexts {
  configMaps: ReadonlyMap<string, Texts>;
  secrets: ReadonlyMap<string, Texts>;
}

export type Texts = Readonly<Record<string, string>>;

/** The variables of a container; of those that come from one key, where that is. */
export function environmentOf(
  { env = [], envFrom = [] }: Container,
  kept: KeptTexts,
): ReadonlyMap<string, TextSource> {
  const variables = new Map<string, TextSource>();
  for (const { prefix = "", configMapRef, secretRef } of envFrom) {
    const kind = configMapRef ? "ConfigMap" : "Secret";
    const { name = "" } = configMapRef ?? secretRef ?? {};
    for (const key of Object.keys(objectOf({ kind, name }, kept) ?? {}))
      variables.set(`${prefix}${key}`, { kind, name, key });
  }
  for (const variable of env) {
    const source = keyRefOf(variable) ?? { text: expand(variable.value ?? "", variables, kept) };
    variables.set(variable.name, source);
  }
  return variables;
}

/** The ConfigMaps and Secrets that must be read before {@link environmentOf} knows these variables. */
export function objectsBehind({ env = [], envFrom = [] }: Container, names: ReadonlySet<string>): KeyRef[] {
  const whole = envFrom.flatMap(({ configMapRef, secretRef }): KeyRef[] => [
    ...(configMapRef ? [{ kind: "ConfigMap" as const, name: configMapRef.name ?? "", key: "" }] : []),
    ...(secretRef ? [{ kind: "Secret" as const, name: secretRef.name ?? "", key: "" }] : []),
  ]);
  const single = env.filter(({ name }) => names.has(name)).flatMap((variable) => keyRefOf(variable) ?? []);
  return [...whole, ...single];
}

/** Undefined when nothing is there: what is optional may be missing. */
export function textOf(source: TextSource | undefined, kept: KeptTexts): string | undefined {
  if (!source || "file" in source) return undefined;
  return "text" in source ? source.text : objectOf(source, kept)?.[source.key];
}

/** `$(NAME)` in arguments and variables; what is not known stays as it is, and `$$` is a dollar sign. */
export function expand(text: string, variables: ReadonlyMap<string, TextSource>, kept: KeptTexts): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/g, (match, name: string | undefined) =>
    name === undefined ? "$" : (textOf(variables.get(name), kept) ?? match),
  );
}

function keyRefOf({ valueFrom }: EnvVariable): KeyRef | undefined {
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (configMapKeyRef)
    return { kind: "ConfigMap", name: configMapKeyRef.name ?? "", key: configMapKeyRef.key };
  if (secretKeyRef) return { kind: "Secret", name: secretKeyRef.name ?? "", key: secretKeyRef.key };
  return undefined;
}

function objectOf({ kind, name }: Pick<KeyRef, "kind" | "name">, kept: KeptTexts): Texts | undefined {
  return (kind === "ConfigMap" ? kept.configMaps : kept.secrets).get(name);
}
