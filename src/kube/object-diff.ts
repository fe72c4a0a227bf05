import { isDeepStrictEqual } from "node:util";
import { renderYaml } from "../yaml.js";
import { contentOf as writtenOf } from "./apply-outcome.js";
import { Secret } from "./kinds.js";
import type { KubeObject } from "./object.js";
import { isOfKind } from "./object-id.js";

/**
 * What becomes of an object, as a unified diff; "" where nothing does. Of the values in Secrets it shows which ones change.
 *
 * @param name of the two files: "argocd/podinfo"
 * @param before null when there is none
 * @param contentOf what of an object counts; what people write when not given
 */
export async function objectDiff(
  name: string,
  before: KubeObject | null,
  after: KubeObject,
  contentOf: (object: KubeObject) => object = writtenOf,
): Promise<string> {
  const [old, wanted] = [before && contentOf(before), contentOf(after)];
  if (isDeepStrictEqual(old, wanted)) return "";
  const [left, right] = isOfKind(after, Secret) ? masked(old, wanted) : [old, wanted];
  const { createTwoFilesPatch } = await import("diff");
  const texts = [left ? render(left) : "", render(right)] as const;
  const patch = createTwoFilesPatch(`live/${name}`, `generated/${name}`, ...texts, undefined, undefined, {
    context: 3,
  });
  // without the separator line, which no diff tool prints
  return patch.slice(patch.indexOf("\n") + 1);
}

function render(content: object): string {
  return renderYaml(content).replace(/^---\n/, "");
}

type Values = Readonly<Record<string, string>>;

interface SecretContent {
  data?: Values;
  stringData?: Values;
}

/** As `kubectl diff` does it. */
function masked(before: SecretContent | null, after: SecretContent): [object | null, object] {
  const [old, wanted] = [structuredClone(before), structuredClone(after)];
  for (const field of ["data", "stringData"] as const) {
    const [left, right] = [before?.[field] ?? {}, after[field] ?? {}];
    const mask = (values: Values, others: Values, word: string) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          key in others && others[key] !== value ? `*** (${word})` : "***",
        ]),
      );
    if (old?.[field]) old[field] = mask(left, right, "before");
    if (wanted[field]) wanted[field] = mask(right, left, "after");
  }
  return [old, wanted];
}
