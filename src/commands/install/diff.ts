import type { Item } from "../../install/live.js";
import { applySet } from "../../kube/apply-set.js";
import type { Kube } from "../../kube/kube.js";
import { objectDiff } from "../../kube/object-diff.js";
import { idOf, keyOf } from "../../kube/object-id.js";
import { fieldManager } from "../../names.js";
import { writeAll } from "../../output/write.js";
import type { Deps } from "../deps.js";

/**
 * Prints what would change, as the API server tells it.
 *
 * @param unchecked what cannot be asked about, since its namespace is not there yet
 */
export async function printDiff(
  kube: Kube,
  checked: readonly Item[],
  unchecked: readonly Item[],
  { stdout, signal, say }: Deps,
): Promise<{ differs: boolean; failures: number }> {
  let failures = 0;
  let differs = false;
  async function* texts(): AsyncGenerator<string> {
    for await (const result of applySet(kube, [checked], { fieldManager, dryRun: "server", signal })) {
      if (result.outcome === "unsent") throw signal.reason;
      if (result.outcome === "under way") throw result.error;
      if (result.outcome === "failed") {
        failures++;
        say.failure(result.error.message, result.error.hint);
      } else yield await objectDiff(keyOf(idOf(result.object)), result.before, result.object);
    }
    for (const { object } of unchecked) yield await objectDiff(keyOf(idOf(object)), null, object);
  }
  async function* counted(): AsyncGenerator<string> {
    for await (const text of texts()) {
      differs ||= text !== "";
      yield text;
    }
  }
  await writeAll(stdout, counted(), signal);
  return { differs, failures };
}
