#!/usr/bin/env node
"use strict";
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (process.argv.length === 3 && process.argv[2] === "--version") {
  // asked for by scripts all day: answered before anything is loaded
  process.stdout.write(`flamingo version ${require("../package.json").version}\n`);
} else {
  const main = join(__dirname, "..", "dist", "main.cjs");
  if (existsSync(main)) {
    require(main);
  } else {
    process.stderr.write("✗ flamingo is not built yet\n  hint: Build it with npm ci && npm run build\n");
    process.exitCode = 1;
  }
}
