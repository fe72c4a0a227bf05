/**
 * Kubernetes' rules for names (k8s.io/apimachinery/pkg/util/validation). Each answers with the rule that is broken, or
 * undefined when the text is fine.
 */

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** A namespace is a DNS-1123 label. */
export function namespaceProblem(text: string): string | undefined {
  if (text.length > 63) return `it has ${text.length} characters, at most 63 are allowed`;
  if (!labelPattern.test(text)) {
    return "it must consist of lower-case letters, digits and '-', and start and end with a letter or digit";
  }
  return undefined;
}

/** Most objects' names are DNS-1123 subdomains. */
export function nameProblem(text: string): string | undefined {
  if (text.length > 253) return `it has ${text.length} characters, at most 253 are allowed`;
  if (!subdomainPattern.test(text)) {
    return "it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit";
  }
  return undefined;
}

/** Whether a name may stand in the path of a request at all (k8s.io/apimachinery `IsValidPathSegmentName`). */
export function isPathSegment(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && !/[/%]/.test(text);
}

export function labelValueProblem(text: string): string | undefined {
  if (text.length > 63) return `it has ${text.length} characters, at most 63 are allowed`;
  if (!labelValuePattern.test(text)) {
    return "it must consist of letters, digits, '-', '_' and '.', and start and end with a letter or digit";
  }
  return undefined;
}

/** A key of labels or annotations: `[PREFIX/]NAME`. */
export function labelKeyProblem(text: string): string | undefined {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) return "it must have at most one '/'";
  if (parts.length === 2 && nameProblem(parts[0] ?? "")) return "the part before '/' must be a DNS name";
  if (name === "") return "the name is empty";
  return labelValueProblem(name);
}
