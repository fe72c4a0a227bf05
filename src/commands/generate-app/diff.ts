import { Application } from "../../argo/application.js";
import { type ApplicationContent, contentOf } from "../../argo/existing.js";
import { UserError } from "../../errors.js";
import { concurrently } from "../../kube/concurrently.js";
import type { Kube } from "../../kube/kube.js";
import { fieldManager } from "../../names.js";
import { renderYaml } from "../../yaml.js";
import type { Deps } from "../deps.js";
import type { ApplyRequest } from "./apply.js";
import type { Planned } from "./plan.js";

const atOnce = 16;

/**
 * What applying would change, an Application at a time: a unified diff, "" where nothing would change, or the reason why
 * it cannot be told. The API server is asked by a dry run, so that its defaults are no differences.
 */
export async function* diffPlanned(
  planned: Iterable<Planned>,
  kube: Kube,
  { existing, force }: Pick<ApplyRequest, "existing" | "force">,
  { signal }: Pick<Deps, "signal">,
): AsyncGenerator<string | UserError> {
  const { createTwoFilesPatch } = await import("diff");
  yield* concurrently(planned, atOnce, async (item) => {
    if ("failure" in item) return item.failure;
    try {
      const after = await kube.apply(Application, item.application, { fieldManager, force, dryRun: true });
      const name = `${item.application.metadata.namespace}/${item.name}`;
      const old = render(existing.get(item.name)?.content);
      const wanted = render(contentOf(after));
      if (old === wanted) return "";
      const patch = createTwoFilesPatch(
        `live/${name}`,
        `generated/${name}`,
        old,
        wanted,
        undefined,
        undefined,
        { context: 3 },
      );
      // without the separator line, which no diff tool prints
      return patch.slice(patch.indexOf("\n") + 1);
    } catch (error) {
      if (!(error instanceof UserError) || signal.aborted) throw error;
      return error;
    }
  });
}

function render(content: ApplicationContent | undefined): string {
  return content ? renderYaml(content).replace(/^---\n/, "") : "";
}
