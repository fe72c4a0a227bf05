import type { Application } from "../argo/application.js";
import { contentOf } from "../argo/existing.js";
import type { UserError } from "../errors.js";
import type { Kube } from "../kube/kube.js";
import { objectDiff } from "../kube/object-diff.js";
import { namespacedName } from "../kube/object-id.js";
import { type ApplyRequest, applyPlanned } from "./apply.js";
import type { Planned } from "./plan.js";

/**
 * What applying would change, an Application at a time: a unified diff, "" where nothing would change, or the reason why
 * it cannot be told. The API server is asked by a dry run, so that its defaults are no differences.
 */
export async function* diffPlanned(
  planned: Iterable<Planned>,
  kube: Kube,
  request: Omit<ApplyRequest, "dryRun">,
): AsyncGenerator<string | UserError> {
  for await (const result of applyPlanned(planned, kube, { ...request, dryRun: "server" })) {
    if (result.outcome === "unsent") throw request.signal.reason;
    if (result.outcome === "under way") throw result.error;
    if (result.outcome === "failed") yield result.error;
    else {
      const name = namespacedName(result.object.metadata);
      yield await objectDiff(name, result.before, result.object, (object) =>
        contentOf(object as Application),
      );
    }
  }
}
