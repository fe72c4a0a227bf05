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
