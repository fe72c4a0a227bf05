import { createHash } from "node:crypto";
import { usageError } from "../errors.js";
import { shortKind, type Workload } from "../flux/workload.js";
import { nameProblem } from "../text/names.js";

/** Says all that tells two workloads of a cluster apart, so that a name does not depend on what else there is. */
export const defaultNameTemplate = "{namespace}-{name}-{kind}";

const placeholders = ["namespace", "name", "kind", "cluster"] as const;

/** Argo CD writes an Application's name into label values. */
const longestName = 63;

/** @throws UserError with exit code 2 when the template has other placeholders than ours, or none */
export function checkTemplate(flag: string, template: string): string {
  const known = placeholders.map((name) => `{${name}}`).join(", ");
  const used = template.match(/\{[^}]*\}?/g) ?? [];
  const strange = used.find((text) => !placeholders.some((name) => text === `{${name}}`));
  if (strange) {
    throw usageError(
      `${flag} ${JSON.stringify(template)} has ${strange}, which stands for nothing`,
      `There are ${known}`,
    );
  }
  if (used.length === 0) {
    throw usageError(
      `${flag} ${JSON.stringify(template)} gives every workload the same text`,
      `Use ${known}`,
    );
  }
  return template;
}

/** `{kind}` is "ks" or "hr". */
export function fillTemplate(
  template: string,
  workload: Pick<Workload, "namespace" | "name" | "kind">,
  cluster: string,
): string {
  const values = {
    namespace: workload.namespace,
    name: workload.name,
    kind: shortKind[workload.kind],
    cluster,
  };
  return template.replace(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]);
}

/** A name as Argo CD can bear it: one that is too long is its beginning, and 12 hex digits that the whole of it alone has. */
export function shortName(name: string): string {
  return name.length > longestName ? withDigest(name, name) : name;
}

/**
 * What the Application of a workload is called when another one has its name: that name's beginning, and 12 hex digits that the
 * workload alone has.
 */
export function nameBeside(name: string, workload: Pick<Workload, "namespace" | "name" | "kind">): string {
  return withDigest(name, `${workload.namespace}/${workload.name}/${shortKind[workload.kind]}`);
}

function withDigest(name: string, whole: string): string {
  const digest = createHash("sha256").update(whole).digest("hex");
  return `${name.slice(0, 50).replace(/[-.]+$/, "")}-${digest.slice(0, 12)}`;
}

/** The rule that a text breaks as the name of an Application; undefined when it is one. */
export function applicationNameProblem(name: string): string | undefined {
  return name.length > longestName
    ? `it has ${name.length} characters, at most ${longestName} are allowed`
    : nameProblem(name);
}
