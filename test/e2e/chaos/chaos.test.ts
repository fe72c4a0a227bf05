import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { e2eTest } from "../e2e.js";
import { Engines } from "./engines.js";
import { type Absence, faults } from "./faults.js";
import { Load } from "./load.js";
import { Random } from "./random.js";
import { lagsOf, lengthOf, oddOperations, strayWrites, takeoversIn } from "./verdict.js";

const minutes = Number(process.env["FLAMINGO_CHAOS_MINUTES"] ?? 5);
/** Five seconds on a machine of its own; in CI much else runs beside it. */
const longestMs = minutes >= 60 ? 5000 : 15_000;
const seed = Number(process.env["FLAMINGO_CHAOS_SEED"] ?? randomInt(2 ** 31));

e2eTest(
  "what Flux says is told soon, once and by one, whatever fails",
  async ({ rig }) => {
    say(`► ${minutes} minutes of faults, FLAMINGO_CHAOS_SEED=${seed}`);
    const begun = new Date();
    const random = new Random(seed);
    const load = await Load.start(rig, 10, new Random(seed + 1));
    const engines = await Engines.start(rig);
    await engines.both();
    await load.heal();

    const since = new Date();
    const stop = new AbortController();
    const loading = load.goOn(stop.signal);
    const absences: Absence[] = [];
    for (const name of random.rounds(Object.keys(faults))) {
      if (Date.now() - since.getTime() > minutes * 60_000) break;
      await sleep(random.between(1000, 8000));
      say(`  ${((Date.now() - since.getTime()) / 1000).toFixed(0)}s: ${name}`);
      const absence = await faults[name]?.({ rig, engines, random });
      if (absence) absences.push(absence);
      await engines.both();
    }
    stop.abort();
    await loading;
    await load.heal();

    const all = await rig.writesSince(begun);
    const writes = all.filter(({ at }) => at > since.getTime());
    const takeovers = takeoversIn(writes);
    const away = absences.map(({ from, to }) => ({
      from,
      to: to ?? takeovers.find((at) => at > from) ?? Date.now(),
    }));
    const lags = lagsOf(writes, away).sort((one, other) => one.ms - other.ms);
    const at = (part: number) => lags[Math.ceil(part * lags.length) - 1]?.ms ?? Number.NaN;
    const awayMs = lengthOf({ from: since.getTime(), to: Date.now() }, away);
    say(
      `► ${load.commits} commits, ${lags.length} changes of what Flux says, ${takeovers.length} new leaders`,
    );
    say(
      `► told after ${seconds(at(0.5))} (median), ${seconds(at(0.99))} (p99), ${seconds(at(1))} (maximum), without the ${seconds(awayMs)} in which there was no API server or no leader`,
    );
    for (const { name, word, at: saidAt, ms, wholeMs } of lags.slice(-3))
      say(
        `  ${seconds(ms)} (${seconds(wholeMs)}) ${name} ${word}, said at ${seconds(saidAt - since.getTime())}`,
      );
    expect.soft(strayWrites(all, engines.users)).toEqual([]);
    expect.soft(oddOperations(writes, load.asked, engines.users)).toEqual([]);
    expect.soft(engines.ended).toEqual([]);
    expect.soft(engines.text()).not.toContain("bug of flamingo");
    expect.soft(at(0.99)).toBeLessThanOrEqual(longestMs);
  },
  (minutes + 6) * 60_000,
);

function seconds(ms = Number.NaN): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
