import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtPackage, manifest, root } from "./built-package.js";
import { folderWith } from "./folder.js";

const dist = () => join(builtPackage(), "dist");
const chunks = () => readdirSync(dist()).filter((name) => name.endsWith(".cjs"));
const textOf = (chunk: string) => readFileSync(join(dist(), chunk), "utf8");

/** Packages whose code is in a chunk: the bundler names each module above its code. */
function packagesIn(chunk: string): string[] {
  const names = [...textOf(chunk).matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
    ([, name]) => name ?? "",
  );
  return [...new Set(names)].sort();
}

/** The chunk and all that are loaded with it; not those that it loads when they are needed. */
function loadedWith(chunk: string, known = new Set<string>()): Set<string> {
  known.add(chunk);
  for (const [, other] of textOf(chunk).matchAll(/^(?:const|let|var) \w+ = require\("\.\/([^"]+)"\)/gm)) {
    if (other !== undefined && !known.has(other)) loadedWith(other, known);
  }
  return known;
}

describe("package.json", () => {
  test("brings no dependency: everything is bundled", () => {
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"])
      expect(manifest).not.toHaveProperty(kind);
  });

  test("runs nothing when it is installed", () => {
    for (const script of ["preinstall", "install", "postinstall"])
      expect(manifest["scripts"]).not.toHaveProperty(script);
  });

  test("pins the version of everything that is bundled", () => {
    const versions = Object.values(manifest["devDependencies"] as Record<string, string>);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test("says who, where and under what licence", () => {
    expect(manifest).toMatchObject({
      license: "Apache-2.0",
      author: "The Flamingo authors",
      homepage: "https://github.com/flux-subsystem-argo/flamingo#readme",
      bugs: { url: "https://github.com/flux-subsystem-argo/flamingo/issues" },
      publishConfig: { access: "public" },
      engines: { node: ">=20.19" },
    });
    expect(readFileSync(join(root, "LICENSE"), "utf8")).toMatch(
      /^\s*Apache License\n\s*Version 2\.0, January 2004\n/,
    );
  });
});

test("an image that is built in a checkout has what the package has", () => {
  const lines = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  const letIn = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect(lines[1]).toBe("*");
  expect(letIn.sort()).toEqual([...manifest.files, "LICENSE", "README.md", "package.json"].sort());
});

test.each(Object.values(manifest.bin))("%s is committed as an executable CommonJS file", (file) => {
  const bin = join(root, file);
  expect(() => accessSync(bin, constants.X_OK)).not.toThrow();
  expect(readFileSync(bin, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n"use strict";\n/);
});

describe("the bundle", () => {
  test("starts small", () => {
    expect([...loadedWith("main.cjs")]).toEqual(["main.cjs"]);
    expect(statSync(join(dist(), "main.cjs")).size).toBeLessThan(125_000);
  });

  test("starts without heavy libraries", () => {
    const loaded = [...loadedWith("main.cjs")];
    expect([...new Set(loaded.flatMap(packagesIn))]).toEqual(["commander"]);
  });

  test("loads what few commands need only when they do", () => {
    const loaded = [...loadedWith("generate-app.cjs")].flatMap(packagesIn);
    expect([...new Set(loaded)].sort()).toEqual(["commander", "js-yaml"]);
  });

  test("is CommonJS to the last line", () => {
    for (const chunk of chunks()) expect(textOf(chunk), chunk).not.toMatch(/import\.meta|^(import|export) /m);
  });

  test("asks for nothing but itself and Node", () => {
    const required = chunks().flatMap((chunk) =>
      [...textOf(chunk).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? ""),
    );
    expect(required.length).toBeGreaterThan(10);
    const foreign = required.filter(
      (name) => !name.startsWith("./") && !builtinModules.includes(name.replace(/^node:/, "")),
    );
    expect(foreign).toEqual([]);
  });

  test("carries the licence of everything in it", () => {
    const licences = readFileSync(join(dist(), "THIRD_PARTY_LICENSES.txt"), "utf8");
    const listed = [...licences.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \([\w. -]+\)$/gm)].map(
      ([, name]) => name,
    );
    const bundled = new Set(chunks().flatMap(packagesIn));
    expect(bundled.size).toBeGreaterThan(5);
    for (const name of bundled) expect(listed).toContain(name);
    // a text each, not only a name
    const sections = licences.split(`\n${"-".repeat(80)}\n`);
    for (const section of sections) expect(section.length, section).toBeGreaterThan(400);
  });
});

describe("the tarball", () => {
  const packed = () => {
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folderWith()];
    const { stdout, status, stderr } = spawnSync("npm", args, { cwd: builtPackage(), encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const [tarball] = Object.values(JSON.parse(stdout) as Record<string, Tarball>);
    if (!tarball) throw new Error(stdout);
    return tarball;
  };
  interface Tarball {
    files: { path: string; mode: number; size: number }[];
    unpackedSize: number;
  }

  test("holds what it needs and nothing else", () => {
    const { files, unpackedSize } = packed();
    const paths = files.map(({ path }) => path);
    const tops = new Set(paths.map((path) => path.split("/")[0]));
    const wanted = manifest.files.map((path: string) => path.split("/")[0] ?? "");
    expect([...tops].sort()).toEqual(
      [...new Set(["LICENSE", "README.md", "package.json", ...wanted])].sort(),
    );
    expect(paths.filter((path) => path.startsWith("docs/")).sort()).toEqual(
      manifest.files.filter((path: string) => path.startsWith("docs/")).sort(),
    );
    expect(paths).toContain("dist/main.cjs");
    expect(paths).toContain("dist/THIRD_PARTY_LICENSES.txt");
    expect(paths).toContain("examples/podinfo/kustomization.yaml");
    expect(paths.filter((path) => /\.map$|\.ts$|test|golden|node_modules/.test(path))).toEqual([]);
    for (const file of Object.values(manifest.bin)) {
      const bin = files.find(({ path }) => path === file);
      expect((bin?.mode ?? 0) & 0o111, file).toBe(0o111);
    }
    expect(unpackedSize).toBeLessThan(3_200_000);
  });
});
