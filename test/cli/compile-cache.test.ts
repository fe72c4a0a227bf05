import { chmodSync, chownSync, existsSync, readdirSync } from "node:fs";
import nodeModule from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtPackage, manifest } from "../built-package.js";
import { asNobody, folderWith } from "../folder.js";
import { spawnFlamingo } from "../spawn.js";

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

describe.skipIf(process.platform !== "linux")("what Node compiles is kept", () => {
  /** The folder that Node is told, by a command line that runs with this environment; older versions are told, too. */
  async function toldFolder(env: Record<string, string>, args = ["--help"]): Promise<string> {
    const source = `require("node:module").enableCompileCache = (folder) => process.stderr.write(folder)`;
    const preload = join(folderWith({ "told.cjs": source }), "told.cjs");
    const { exitCode, stderr } = await spawnFlamingo(args, { NODE_OPTIONS: `--require ${preload}`, ...env })
      .ended;
    expect(exitCode).toBe(0);
    return stderr;
  }

  const ours = join("flamingo", "compile-cache", manifest.version);

  test("in the user's cache folder", async () => {
    const [home, cache] = [folderWith(), folderWith()];
    expect(await toldFolder({ HOME: home })).toBe(join(home, ".cache", ours));
    expect(await toldFolder({ HOME: home, XDG_CACHE_HOME: "" })).toBe(join(home, ".cache", ours));
    expect(await toldFolder({ HOME: home, XDG_CACHE_HOME: cache })).toBe(join(cache, ours));
  });

  test("not for a lone --version, which loads nothing", async () => {
    const env = { HOME: folderWith() };
    expect(await toldFolder(env, ["--version"])).toBe("");
    expect(await toldFolder(env, ["--version", "--no-color"])).not.toBe("");
  });

  test.each([{ HOME: "" }, { HOME: "/nonexistent" }, { HOME: "." }, { XDG_CACHE_HOME: "." }])(
    "not with %o",
    async (env) => {
      expect(await toldFolder(env as Record<string, string>)).toBe("");
    },
  );

  test.each([0o777, 0o775])("not where others may write: %o", async (mode) => {
    const home = folderWith();
    chmodSync(home, mode);
    expect(await toldFolder({ HOME: home })).toBe("");
    expect(await toldFolder({ HOME: folderWith(), XDG_CACHE_HOME: home })).toBe("");
  });

  test("not in the home of somebody else, as sudo may leave it", async () => {
    const home = isRoot ? folderWith() : "/";
    if (isRoot) chownSync(home, nobody, nobody);
    expect(await toldFolder({ HOME: home })).toBe("");
  });
});

describe.skipIf(!("enableCompileCache" in nodeModule) || process.platform !== "linux")(
  "Node 22.8 and newer keep what they compile",
  () => {
    async function help(env: Record<string, string>): Promise<void> {
      const { exitCode, stderr } = await spawnFlamingo(["--help"], env).ended;
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    }
    const cacheIn = (home: string) => join(home, ".cache", "flamingo", "compile-cache", manifest.version);

    test("and read it the next time", async () => {
      const home = folderWith();
      await help({ HOME: home });
      expect(existsSync(cacheIn(home))).toBe(true);
      await help({ HOME: home });
    });

    test("nowhere when the user says so, or where the user says", async () => {
      const [home, own] = [folderWith(), folderWith()];
      await help({ HOME: home, NODE_DISABLE_COMPILE_CACHE: "1" });
      await help({ HOME: home, NODE_COMPILE_CACHE: join(own, "kept") });
      expect(existsSync(join(home, ".cache"))).toBe(false);
      expect(existsSync(join(own, "kept"))).toBe(true);
    });

    test("but run without it where it cannot be written", async () => {
      await help({ HOME: folderWith({ ".cache": "a file in the way" }) });
      // nobody may read it there, as where npm puts it
      chmodSync(builtPackage(), 0o755);
      const readOnly = folderWith();
      if (isRoot) chownSync(readOnly, nobody, nobody);
      chmodSync(readOnly, 0o500);
      await asNobody(() => help({ HOME: readOnly }));
      expect(readdirSync(readOnly)).toEqual([]);
    });
  },
);
