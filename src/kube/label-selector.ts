import { isMap } from "../is-map.js";

/** Whether labels fit. */
export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

/**
 * Reads a label selector as kubectl's `-l` takes it: "a=b,c!=d,e in (x,y),f notin (z),g,!h". Undefined when it is none.
 */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const requirements = splitOutsideParentheses(text).map(parseRequirement);
  if (!requirements.every((requirement) => requirement !== undefined)) return undefined;
  return (labels) => requirements.every((fits) => fits(labels));
}

/**
 * Reads a selector as objects have it (metav1.LabelSelector): `matchLabels` and `matchExpressions`; without either it selects
 * everything. Undefined when it is none, or of more expressions than anybody has written by hand.
 */
export function labelSelectorFrom(selector: unknown): LabelSelector | undefined {
  const { matchLabels: wanted = {}, matchExpressions = [] } = isMap(selector) ? selector : {};
  if (!isMap(selector) || !isMap(wanted) || !Array.isArray(matchExpressions)) return undefined;
  if (matchExpressions.length > mostExpressions) return undefined;
  const requirements = matchExpressions.map(expressionFrom);
  if (!requirements.every((requirement) => requirement !== undefined)) return undefined;
  return (labels) =>
    Object.entries(wanted).every(([name, value]) => labelOf(labels, name) === value) &&
    requirements.every((fits) => fits(labels));
}

/** Each is tried on the labels of each object. */
const mostExpressions = 100;

function expressionFrom(expression: unknown): LabelSelector | undefined {
  const { key: name, operator, values = [] } = isMap(expression) ? expression : {};
  if (typeof name !== "string" || !Array.isArray(values)) return undefined;
  const has: LabelSelector = (labels) => labelOf(labels, name) !== undefined;
  const wanted = new Set<unknown>(values);
  const isIn: LabelSelector = (labels) => wanted.has(labelOf(labels, name) ?? missing);
  if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) return undefined;
    return operator === "Exists" ? has : (labels) => !has(labels);
  }
  if (values.length === 0) return undefined;
  if (operator === "In") return isIn;
  return operator === "NotIn" ? (labels) => !isIn(labels) : undefined;
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}

const key = "([A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?)";
const value = "([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?";
const equality = new RegExp(`^${key}\\s*(==|=|!=)\\s*${value}$`);
const membership = new RegExp(`^${key}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const existence = new RegExp(`^(!?)\\s*${key}$`);

function parseRequirement(text: string): LabelSelector | undefined {
  const equal = equality.exec(text);
  if (equal) {
    const [, name = "", operator, wanted = ""] = equal;
    return operator === "!="
      ? (labels) => labelOf(labels, name) !== wanted
      : (labels) => labelOf(labels, name) === wanted;
  }
  const member = membership.exec(text);
  if (member) {
    const [, name = "", operator, list = ""] = member;
    const wanted = new Set(list.split(",").map((item) => item.trim()));
    if (list.trim() === "") return undefined;
    const isIn: LabelSelector = (labels) => wanted.has(labelOf(labels, name) ?? missing);
    return operator === "in" ? isIn : (labels) => !isIn(labels);
  }
  const exists = existence.exec(text);
  if (!exists) return undefined;
  const [, not, name = ""] = exists;
  return (labels) => (labelOf(labels, name) === undefined) === (not !== "");
}

/** no value of a label */
const missing = "\0";

/** Not what every object of JavaScript has by birth, such as "constructor". */
function labelOf(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
