// Loaded before a program: writes every quarter of a second, into the file that BENCH_EVENT_LOOP names, how long its event loop
// stood still at most since the line before, in milliseconds.
const { appendFileSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
setInterval(() => {
  appendFileSync(process.env.BENCH_EVENT_LOOP, `${(delay.max / 1e6).toFixed(0)}\n`);
  delay.reset();
}, 250).unref();
