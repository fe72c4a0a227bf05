import { mkdtempSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, type TestContext, test } from "vitest";
import { NoPrograms } from "../../test/cluster/build.js";
import { printTo, flamingo as program } from "../measure.js";
import { type Row, record } from "../row.js";
import { runNative } from "./argo-controller.js";
import { loadAttacks } from "./attacks.js";
import { measureLags, quantile } from "./lag.js";
import { loadWorkloads } from "./load.js";
import { RunningFlamingo } from "./running-flamingo.js";
import { type Scene, startScene } from "./scene.js";
import { applications, changes, mostNativeApplications, objects } from "./size.js";
import type { Memory } from "./usage.js";
import { WatchedApplications } from "./watched-applications.js";
import { nameOf } from "./workload.js";

let scene: Scene | undefined;
let flamingo: RunningFlamingo | undefined;
let missing = "";
let memory: Memory;

beforeAll(async () => {
  try {
    scene = await startScene(say);
  } catch (error) {
    if (!(error instanceof NoPrograms)) throw error;
    missing = error.message;
    say(`⚠ The benchmark is skipped: ${missing}`);
    return;
  }
  const { cluster, git } = scene;
  await loadWorkloads(cluster, applications, `${git.url}/shops.git`);
  await loadAttacks(cluster, { namespace: nameOf(0), name: nameOf(0) });
  const generate = "generate-app --all -A --engine loopback --name-template {namespace}";
  await printTo("/dev/null", program(generate, cluster.kubeconfig()));
  say(`► ${applications} workloads with ${objects} objects are there`);
});

afterAll(async () => {
  await flamingo?.stop();
  await scene?.stop();
});

test("first pass", async (context) => {
  const running = sceneOf(context);
  const load = loadavg()[0] ?? 0;
  flamingo = start(running);
  const seconds = await flamingo.says(`Reported ${applications} Applications`);
  const { residentMiB, peakMiB } = flamingo.memory();
  record(
    context,
    {
      what: `first pass over ${applications} Applications, ${objects} objects`,
      measured: `${seconds.toFixed(1)} s`,
      goal: goal("≤ 60 s"),
      medians: `${flamingo.cpuSeconds().toFixed(1)} s of CPU; load average before: ${load.toFixed(1)}`,
    },
    {
      what: "… resident memory after it",
      measured: mib(residentMiB),
      goal: goal("≤ 250 MiB"),
      medians: `peak ${mib(peakMiB)}`,
    },
    stallRow(flamingo, "≤ 500 ms"),
  );
});

test.for([
  ["one after the other", undefined],
  ["20 a second", 50],
] as const)("changes, %s", async ([how, everyMs], context) => {
  const { cluster, redis } = sceneOf(context);
  const watched = await WatchedApplications.start(cluster);
  const round = everyMs === undefined ? 1 : 2;
  const options = everyMs === undefined ? {} : { everyMs };
  const { ms, withTree } = await measureLags({
    cluster,
    watched,
    redis: redis.login,
    round,
    count: changes,
    ...options,
  });
  watched.stop();
  record(
    context,
    {
      what: `from a change of Flux's status to the Application, ${how}: median, 95th percentile`,
      measured: `${quantile(ms, 0.5).toFixed(0)} ms, ${quantile(ms, 0.95).toFixed(0)} ms`,
      goal: goal("≤ 1 s"),
      medians: `${ms.length} changes, tree in redis before it ${withTree} times; load average ${(loadavg()[0] ?? 0).toFixed(1)}`,
    },
    stallRow(flamingo as RunningFlamingo, "≤ 200 ms"),
  );
});

test("a quiet minute", async (context) => {
  sceneOf(context);
  const running = flamingo as RunningFlamingo;
  await sleep(5000);
  const counted = async () => ({
    requests: running.writes(),
    status: await running.metric('writes_total{what="status"}'),
    tree: await running.metric('writes_total{what="tree"}'),
    cpu: running.cpuSeconds(),
  });
  const before = await counted();
  await sleep(60_000);
  const now = await counted();
  const requests = now.requests.slice(before.requests.length);
  const others = requests.filter((request) => !request.includes("/leases/"));
  memory = running.memory();
  record(
    context,
    {
      what: "a minute in which nothing changes: writes to the API server and redis",
      measured: String(others.length + now.tree - before.tree + now.status - before.status),
      goal: "0",
      medians: `${requests.length - others.length} renewals of the Lease`,
    },
    { what: "… CPU", measured: `${(now.cpu - before.cpu).toFixed(2)} s`, goal: "" },
    {
      what: "… resident memory at its end",
      measured: mib(memory.residentMiB),
      goal: goal("≤ 250 MiB"),
      medians: `peak ${mib(memory.peakMiB)}`,
    },
  );
});

test.for([1, 2])("shard %i of 2", async (index, context) => {
  const running = sceneOf(context);
  await flamingo?.stop();
  flamingo = start(running, `--shard=${index}/2`);
  await flamingo.says("Reported ");
  const { residentMiB, peakMiB } = flamingo.memory();
  record(context, {
    what: `peak of shard ${index} of 2 : peak of one for all`,
    measured: (peakMiB / memory.peakMiB).toFixed(2),
    goal: "",
    medians: `${mib(peakMiB)} : ${mib(memory.peakMiB)}; resident after its first pass ${mib(residentMiB)}`,
  });
});

test.skipIf(applications > mostNativeApplications)("Argo CD's own controller", async (context) => {
  const running = sceneOf(context);
  await flamingo?.stop();
  flamingo = undefined;
  const { residentMiB, peakMiB, seconds, cpuSeconds, nodes } = await runNative(running, applications);
  record(
    context,
    {
      what: `resident memory : that of Argo CD's application-controller with ${applications} native Applications`,
      measured: (memory.residentMiB / residentMiB).toFixed(2),
      goal: goal("≤ 0.45"),
      medians: `${mib(memory.residentMiB)} : ${mib(residentMiB)}`,
    },
    {
      what: "… peaks",
      measured: (memory.peakMiB / peakMiB).toFixed(2),
      goal: "",
      medians: `${mib(memory.peakMiB)} : ${mib(peakMiB)}; it compared all in ${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s of CPU; ${nodes} nodes in a tree`,
    },
  );
});

function start({ cluster, redis, folder }: Scene, ...more: string[]): RunningFlamingo {
  return new RunningFlamingo(
    mkdtempSync(join(folder, "flamingo-")),
    cluster.kubeconfig(),
    redis.port,
    ...more,
  );
}

function stallRow(running: RunningFlamingo, wanted: string): Row {
  const { ms, ownMs } = running.longestStall();
  return {
    what: "… longest time without an answer to anything else",
    measured: `${ms} ms`,
    goal: goal(wanted),
    medians: `${ownMs} ms of CPU`,
  };
}

/** Only for the number of Applications that they were set for. */
function goal(text: string): string {
  return applications === 1000 ? text : "";
}

function sceneOf({ skip }: TestContext): Scene {
  return scene ?? skip(missing);
}

function mib(value: number): string {
  return `${value.toFixed(0)} MiB`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
