import type { ShownChoice } from "../../applications/shown/read.js";
import { readApplications, requireApplications } from "../../applications/shown/read-applications.js";
import { type ArgoPlace, servedAmongWorkloads } from "../../applications/shown/read-around.js";
import type { Shown } from "../../applications/shown/row.js";
import type { UserError } from "../../errors.js";
import type { Kube } from "../../kube/kube.js";
import type { ListView } from "../../output/list-view.js";
import { hasColour, type Voice } from "../../output/voice.js";
import { writeEach } from "../../output/write.js";
import type { Deps } from "../deps.js";
import { Failures } from "../failures.js";
import { redrawing, telling } from "./draw.js";
import { FollowedRows, type Picture } from "./follow.js";

/** API servers are restarted and upgraded within minutes. */
const patienceMs = 5 * 60_000;

export interface Watching {
  view: ListView<Shown>;
  format: "table" | "wide" | "json";
  isAsked(row: Shown): boolean;
  /** as it is shown */
  asTyped(row: Shown): Shown;
}

/**
 * Shows rows as they are and become, until somebody ends it.
 *
 * @throws the reason of the end; UserError for a single name that is not there, and when the cluster is away for good
 */
export async function watchShown(
  kube: Kube,
  choice: ShownChoice,
  argo: ArgoPlace,
  { view, format, isAsked, asTyped }: Watching,
  deps: Deps,
): Promise<never> {
  const { signal, now, say } = deps;
  if (choice.names.length === 0) await requireApplications(kube);
  else {
    const failed = new Failures(say);
    for (const failure of (await readApplications(kube, choice)).failures) failed.fail(failure);
  }
  const isServed = await servedAmongWorkloads(kube);
  const rows = new FollowedRows(kube, choice, argo, { signal, now, isServed, patienceMs });
  const redraws = format !== "json" && hasColour(deps.stdout, deps.env);
  const draw = redraws ? redrawing(view, format, isAsked, () => deps.stdout) : telling(view, format, isAsked);
  const sayTroubles = troubleTeller(say);
  async function* texts(): AsyncGenerator<string> {
    for await (const picture of rows.pictures()) {
      if (!redraws) sayTroubles(picture);
      yield draw({ ...picture, rows: picture.rows.map(asTyped) });
    }
  }
  await writeEach(deps.stdout, texts(), signal);
  throw signal.reason;
}

/** Says each trouble once, and when all of it is over. */
function troubleTeller(say: Voice): (picture: Picture) => void {
  let said: ReadonlyMap<string, UserError> = new Map();
  return ({ troubles }) => {
    for (const [message, { hint }] of troubles) if (!said.has(message)) say.warning(message, hint);
    if (said.size > 0 && troubles.size === 0) say.done("The cluster is heard of again");
    said = troubles;
  };
}
