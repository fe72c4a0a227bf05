import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { downloadJson } from "../../src/kube/download.js";
import { readMatrix } from "../../src/support-matrix/read-matrix.js";
import { folderWith } from "../folder.js";
import { type Handler, json, rawServer, standIn } from "../kube/stand-in.js";
import { matrix } from "./data.js";

const text = readFileSync("support-matrix.json", "utf8");
const seen = "schemas/support-matrix.schema.json in flamingo's package says what it must look like";

function read(
  index: string | undefined,
  around: { cwd?: string; env?: Record<string, string>; signal?: AbortSignal } = {},
) {
  const cwd = around.cwd ?? process.cwd();
  const { env = {}, signal = new AbortController().signal } = around;
  const deps = { env, signal, cwd, stdin: {}, now: () => new Date() };
  return readMatrix(index, { cwd, downloadJson: (url, doing) => downloadJson(url, doing, deps) });
}

const { $schema: _, ...whole } = JSON.parse(text);

test("reads the one that comes with flamingo, wherever it is called", async () => {
  expect(await read(undefined, { cwd: "/" })).toEqual(matrix);
});

test("reads a file, below the current folder or not", async () => {
  const cwd = folderWith({ "in/x.json": `\uFEFF${text}` });
  expect(await read("in/x.json", { cwd })).toEqual(whole);
  expect(await read(join(cwd, "in/x.json"))).toEqual(whole);
});

test.each([
  [
    "missing.json",
    "Cannot read the support matrix missing.json: there is no such file",
    "--index takes a file or an http(s) address",
  ],
  [".", "Cannot read the support matrix .: it is a folder", "--index takes a file or an http(s) address"],
  [
    "page.html",
    /^Cannot read the support matrix page.html: it is no JSON: /,
    "flamingo's own support-matrix.json shows the form",
  ],
  [
    "half.json",
    /^Cannot read the support matrix half.json: it is no JSON: /,
    "flamingo's own support-matrix.json shows the form",
  ],
  ["list.json", "Cannot use the support matrix list.json: [] is no object", seen],
  ["profile.json", "Cannot use the support matrix profile.json: candidates[3].profile: no profile P99", seen],
  // what the Go CLI's index looked like
  ["old.json", "Cannot use the support matrix old.json: imageRepository is missing", seen],
])("--index %s", async (index, message, hint) => {
  const bad = structuredClone(matrix);
  Object.assign(bad.candidates[3] ?? {}, { profile: "P99" });
  const cwd = folderWith({
    "page.html": "<html>",
    "half.json": text.slice(0, 5000),
    "list.json": "[]",
    "profile.json": JSON.stringify(bad),
    "old.json": JSON.stringify({
      candidates: [{ flamingo: "v2.8.4", argocd: "v2.8.4", image: "x", flux: "v2.1.1" }],
    }),
  });
  await expect(read(index, { cwd })).rejects.toMatchObject({
    message: typeof message === "string" ? message : expect.stringMatching(message),
    hint: expect.stringContaining(hint),
    exitCode: 1,
  });
});

test("reads an address, with what stands behind the question mark", async () => {
  const { url, received } = await standIn((_, response) => json(response, JSON.parse(text)));
  expect(await read(`${url}/m/x.json?token=1`)).toEqual(whole);
  expect(received.map((one) => one.url)).toEqual(["/m/x.json?token=1"]);
});

const answers: [name: string, Handler, why: string | RegExp, hint: string][] = [
  ["404", (_, response) => json(response, {}, 404), "answered 404", "Check the address"],
  ["403", (_, response) => json(response, {}, 403), "answered 403", "Open the address in a browser"],
  [
    "a web page",
    (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<title>Sign in</title>"),
    'answered with a web page "Sign in"',
    "Open the address in a browser",
  ],
  [
    "a redirect that is not followed",
    (_, response) => response.writeHead(302, { Location: "ftp://example.com/x.json?s=1" }).end(),
    "redirects to ftp://example.com/x.json, which is not followed",
    "Open the address in a browser",
  ],
  [
    "something else",
    (_, response) => response.end("hello"),
    'answered with something else than JSON: "hello"',
    "Open the address",
  ],
];

test.each(answers)("says it when the address answers %s", async (_, handler, why, hint) => {
  const { url } = await standIn(handler);
  const address = url.replace("//", "//ada:secret@");
  await expect(read(`${address}/x.json?token=geheim`)).rejects.toMatchObject({
    message: `Cannot read the support matrix: ${url}/x.json ${why}`,
    hint: expect.stringContaining(hint),
    exitCode: 1,
  });
});

test("says where the first fault of a downloaded one is", async () => {
  const { url } = await standIn((_, response) => json(response, { ...JSON.parse(text), platforms: "amd64" }));
  await expect(read(`${url}/x.json?token=geheim`)).rejects.toMatchObject({
    message: `Cannot use the support matrix ${url}/x.json: platforms: "amd64" is no list`,
    hint: seen,
  });
});

test("says it when nobody answers", async () => {
  await expect(read("http://127.0.0.1:1/x.json")).rejects.toMatchObject({
    message: "Cannot read the support matrix: http://127.0.0.1:1/x.json refused the connection",
    hint: expect.stringContaining("a file will do, too"),
  });
  await expect(read("http://nowhere.invalid/x.json")).rejects.toMatchObject({
    message: expect.stringMatching(/^Cannot read the support matrix: the host nowhere.invalid /),
  });
  await expect(read("https://")).rejects.toMatchObject({
    message: "Cannot read the support matrix: https:// is no address",
    exitCode: 1,
  });
});

test("goes through a proxy", async () => {
  await expect(
    read("http://matrix.example/x.json", { env: { HTTP_PROXY: "http://127.0.0.1:1" } }),
  ).rejects.toMatchObject({ message: expect.stringContaining("through the proxy http://127.0.0.1:1") });
});

test("ends at once when it is interrupted", async () => {
  const port = await rawServer(() => {});
  const stop = new AbortController();
  const reading = read(`http://127.0.0.1:${port}/x.json`, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("stop")), 100);
  await expect(reading).rejects.toThrow("stop");
});
