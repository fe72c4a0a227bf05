// Loaded before a program: writes every quarter of a second, into the file that BENCH_EVENT_LOOP names, how long its event loop
// stood still at most since the line before, in milliseconds: by the clock, and without what others took of the processor.
const { appendFileSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");

const resolution = 5;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();

let longestOwnMs = 0;
let turn = ownMs();
setInterval(() => {
  const before = turn;
  turn = ownMs();
  longestOwnMs = Math.max(longestOwnMs, turn - before);
}, resolution).unref();

setInterval(() => {
  appendFileSync(
    process.env.BENCH_EVENT_LOOP,
    `${(delay.max / 1e6).toFixed(0)} ${longestOwnMs.toFixed(0)}\n`,
  );
  delay.reset();
  longestOwnMs = 0;
}, 250).unref();

function ownMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
