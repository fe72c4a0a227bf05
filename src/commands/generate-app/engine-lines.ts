import { ownEngine } from "../../applications/existing.js";
import { nameFor } from "../../applications/names.js";
import type { Target } from "../../applications/target.js";
import type { Engine } from "../../argo/application.js";
import type { Workload } from "../../flux/workload.js";
import type { Request } from "./request.js";

/** Which engines the Applications get and why, a line each. Those that are there already keep theirs. */
export function engineLines(
  all: readonly { workload: Workload }[],
  { naming, engine }: Pick<Request, "naming" | "engine">,
  target: Target,
): string[] {
  const groups = new Map<string, { engine: Engine; because: string | undefined; names: string[] }>();
  for (const { workload } of all) {
    const name = nameFor(workload, naming);
    const found = engineTold(workload, name, engine, target);
    if (!found) continue;
    const key = `${found.engine}|${found.because}`;
    const group = groups.get(key) ?? { ...found, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ engine, because, names }) => {
    const some = groups.size > 1 ? ` for ${names.length} of ${all.length} Applications` : "";
    return `Engine ${engine}${some}: ${because ?? theyHaveIt(names)}`;
  });
}

function theyHaveIt([name, second]: readonly string[]): string {
  return second === undefined ? `the Application ${name} has it already` : "the Applications have it already";
}

/** Without a reason: it is there with that engine. Undefined where none is known to work: that is said with the workload. */
function engineTold(
  workload: Workload,
  name: string,
  wanted: Request["engine"],
  { engines, existing }: Target,
): { engine: Engine; because: string | undefined } | undefined {
  const there = wanted === "auto" ? existing.get(name) : undefined;
  const own = there && ownEngine(there);
  const kept = own && { engine: own, because: undefined };
  const choice = engines.choiceFor(workload);
  if (choice.engine === undefined) return kept;
  return kept && kept.engine !== choice.engine ? kept : choice;
}
