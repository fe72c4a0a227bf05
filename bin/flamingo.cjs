#!/usr/bin/env node
"use strict";
const { existsSync, statSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { isAbsolute, join } = require("node:path");

if (process.argv.length === 3 && process.argv[2] === "--version") {
  // asked for by scripts all day: answered before anything is loaded
  process.stdout.write(`flamingo version ${versionOfPackage()}\n`);
} else {
  const main = join(__dirname, "..", "dist", "main.cjs");
  if (existsSync(main)) {
    // Node 22.8 and newer keep there what they have compiled; where they cannot, they say so without throwing
    const cacheFolder = enableCompileCache && ownCacheFolder();
    if (cacheFolder) enableCompileCache(join(cacheFolder, "flamingo", "compile-cache", versionOfPackage()));
    require(main);
  } else {
    process.stderr.write("✗ flamingo is not built yet\n  hint: Build it with npm ci && npm run build\n");
    process.exitCode = 1;
  }
}

function versionOfPackage() {
  return require("../package.json").version;
}

/**
 * The user's cache folder, where Go's os.UserCacheDir has it. What lies there is run, so only one that nobody else may write
 * to will do. With sudo and the HOME of whoever typed it there is none: the two would run, and own, each other's files.
 */
function ownCacheFolder() {
  const { HOME, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32") return LOCALAPPDATA;
  const linux = XDG_CACHE_HOME ? [XDG_CACHE_HOME] : [HOME, ".cache"];
  const [root, ...below] = process.platform === "darwin" ? [HOME, "Library", "Caches"] : linux;
  return root && isOwn(root) ? join(root, ...below) : undefined;
}

function isOwn(folder) {
  try {
    const { uid, mode } = statSync(folder);
    return isAbsolute(folder) && uid === process.geteuid() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}
