import { Application } from "../argo/application.js";
import { ExitCode, UserError } from "../errors.js";
import { contentOf, predictApplied } from "../kube/apply-outcome.js";
import { ConfigMap, Namespace } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { KubeObject, LiveObject } from "../kube/object.js";
import { idOf, isOfKind, renderId } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";
import type { Survey } from "../survey/survey.js";
import type { InstallWish } from "./install-objects.js";
import { type Item, originsOf, readItems } from "./live.js";
import { lostFields } from "./lost-fields.js";
import { objectionTo } from "./objection.js";
import { keptBy, originsIn, recordFor } from "./record.js";
import { stagesOf } from "./stages.js";

/** An install that may be carried out, with all that is there of it. */
export interface Prepared {
  wish: InstallWish;
  /** with the record */
  items: Item[];
  stages: Item[][];
  /** flamingo installed before what is changed here: an engine beside an Argo CD does not make that its own */
  isOurs: boolean;
  /** the namespace exists, or none is needed */
  hasNamespace: boolean;
}

interface Circumstances {
  survey: Survey;
  /** of an earlier install, which is there */
  record: ConfigMap | undefined;
  /** Applications that get another form first */
  leaving: readonly Application[];
  force: boolean;
}

/** @throws UserError when it must not be, or the cluster cannot take it */
export async function prepareInstall(
  kube: Kube,
  wish: InstallWish,
  objects: readonly KubeObject[],
  { survey: { argos }, record: there, leaving, force }: Circumstances,
): Promise<Prepared> {
  const objection = objectionTo(wish, { argos, leaving, force, before: there && keptBy(there) });
  if (objection) throw objection;
  if (wish.mode === "tenant" && (await kube.servedVersion(Application)) === undefined)
    throw withoutCrds(kube, wish);
  const [made, { found: home }] = await Promise.all([
    readItems(kube, objects, force),
    permitted(kube.find(Namespace, { name: wish.namespace })),
  ]);
  checkTerminating([wish.mode === "crds-only" ? null : home, ...made.map(({ before }) => before)]);
  if (!force && !argos.some(({ namespace }) => namespace === wish.namespace)) checkCrds(made);
  const record = recordFor(wish, originsOf(made, originsIn(there)));
  const recordItem = record && { object: record, kind: ConfigMap, before: there ?? null, force: false };
  return {
    wish,
    items: recordItem ? [...made, recordItem] : made,
    stages: stagesOf(made, recordItem),
    isOurs: there !== undefined && (wish.argocd === undefined || there.data?.["argocd"] !== undefined),
    hasNamespace: made.every(({ object, before }) => before || !isOfKind(object, Namespace)),
  };
}

function withoutCrds({ server }: Kube, { argocd }: InstallWish): UserError {
  return new UserError(`Cannot install for one namespace: ${server} does not serve Applications`, {
    hint: `Install the CRDs first: flamingo install --version ${argocd} --mode crds-only`,
    exitCode: ExitCode.notServed,
  });
}

/** What is there of the install, and would be another afterwards. */
export function changesOf({ items }: Pick<Prepared, "items">): Item[] {
  return items.filter(
    ({ object, before }) => before && predictApplied(contentOf(before), object) !== "unchanged",
  );
}

/** What is applied to something that goes would go with it. */
function checkTerminating(there: readonly (LiveObject | null | undefined)[]): void {
  const going = there.find((object) => object?.metadata.deletionTimestamp !== undefined);
  if (going)
    throw new UserError(`Cannot install over ${renderId(idOf(going))}: it is being deleted`, {
      hint: "Run the same command again when it is gone",
    });
}

/** CRDs that an Argo CD left behind, or brought that nobody sees, may be those of a newer one. */
function checkCrds(items: readonly Item[]): void {
  for (const { object, before } of items) {
    const lost = lostFields(before, object);
    if (lost.length === 0) continue;
    const more = lost.length > 1 ? ` and ${lost.length - 1} more fields` : "";
    throw new UserError(
      `Cannot install over ${renderId(idOf(object))}: it is of a newer Argo CD, and would lose ${lost[0]}${more}`,
      { hint: "Take a newer --version, or add --force to replace it all the same" },
    );
  }
}
