import { ownEngine } from "../../applications/existing.js";
import { nameFor } from "../../applications/names.js";
import type { Target } from "../../applications/target.js";
import type { EngineChoice } from "../../argo/engine.js";
import { loopbackCommand } from "../../argo/loopback-lease.js";
import type { Workload } from "../../flux/workload.js";
import { andFirst } from "../../text/and-list.js";
import type { Request } from "./request.js";

/** Which engines the Applications get and why, and what must run, a line each. Those that are there already keep theirs. */
export async function engineLines(
  all: readonly { workload: Workload }[],
  { naming, engine }: Pick<Request, "naming" | "engine">,
  target: Target,
): Promise<string[]> {
  const groups = new Map<string, Told & { names: string[] }>();
  for (const { workload } of all) {
    const name = nameFor(workload, naming);
    const found = engineTold(workload, name, engine, target);
    if (!found) continue;
    const key = `${found.engine}|${found.because}`;
    const group = groups.get(key) ?? { ...found, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  const asksForLoopback = [...groups.values()].some(({ needsLoopback }) => needsLoopback);
  const missing = asksForLoopback ? (await target.findSilent()).map(loopbackCommand) : [];
  return [...groups.values()].map(({ engine, because, needsLoopback, names }) => {
    const some = groups.size > 1 ? ` for ${names.length} of ${all.length} Applications` : "";
    const must = needsLoopback && missing.length > 0 ? `; ${andFirst(missing, 3)} must run to fill it` : "";
    return `Engine ${engine}${some}: ${because ?? theyHaveIt(names)}${must}`;
  });
}

function theyHaveIt([name, second]: readonly string[]): string {
  return second === undefined ? `the Application ${name} has it already` : "the Applications have it already";
}

/** Without a reason: it is there with that engine. */
type Told = Omit<EngineChoice, "because"> & { because: string | undefined };

/** Undefined where none is known to work: that is said with the workload. */
function engineTold(
  workload: Workload,
  name: string,
  wanted: Request["engine"],
  { engines, existing }: Target,
): Told | undefined {
  const there = wanted === "auto" ? existing.get(name) : undefined;
  const own = there && ownEngine(there);
  const kept = own && { engine: own, because: undefined };
  const choice = engines.choiceFor(workload);
  if (choice.engine === undefined) return kept;
  return kept && kept.engine !== choice.engine ? kept : choice;
}
