import type { Application } from "../argo/application.js";
import { contentOf } from "../argo/existing.js";
import type { UserError } from "../errors.js";
import type { Kube } from "../kube/kube.js";
import type { KubeObject } from "../kube/object.js";
import { namespacedName } from "../kube/object-id.js";
import { renderYaml } from "../yaml.js";
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
  const { createTwoFilesPatch } = await import("diff");
  for await (const result of applyPlanned(planned, kube, { ...request, dryRun: "server" })) {
    if (result.outcome === "unsent") throw request.signal.reason;
    if (result.outcome === "under way") throw result.error;
    if (result.outcome === "failed") {
      yield result.error;
      continue;
    }
    const live = render(result.before);
    const generated = render(result.object);
    if (live === generated) yield "";
    else {
      const name = namespacedName(result.object.metadata);
      const heads = [`live/${name}`, `generated/${name}`] as const;
      const patch = createTwoFilesPatch(...heads, live, generated, undefined, undefined, { context: 3 });
      // without the separator line, which no diff tool prints
      yield patch.slice(patch.indexOf("\n") + 1);
    }
  }
}

function render(application: KubeObject | null): string {
  return application ? renderYaml(contentOf(application as Application)).replace(/^---\n/, "") : "";
}
