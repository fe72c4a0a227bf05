import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { sha256 } from "../../src/install/manifest-cache.js";
import { parseManifestPlace, type ReleaseDeps, readRelease } from "../../src/install/released-files.js";
import { download } from "../../src/kube/download.js";
import { StatusError } from "../../src/kube/failure.js";
import { folderWith } from "../folder.js";
import { type Handler, rawServer, standIn } from "../kube/stand-in.js";

const yaml = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: argocd-cm\n${"# a comment\n".repeat(2000)}`;
const checksum = sha256(Buffer.from(yaml));
const checksums = { "v2.8.4": { "install.yaml": checksum } };
const path = "/v2.8.4/manifests/install.yaml";

interface Around {
  cache?: string;
  checksums?: Record<string, Record<string, string>>;
  cwd?: string;
  signal?: AbortSignal;
  download?: ReleaseDeps["download"];
}

/** The names of what was read, and what was warned of. */
async function read(place: string | undefined, around: Around = {}) {
  const { cache = folderWith(), cwd = "/", signal = new AbortController().signal } = around;
  const warnings: string[] = [];
  const env = { XDG_CACHE_HOME: cache };
  const deps = { env, cwd, signal, stdin: {}, now: () => new Date() };
  const release = { argocd: "v2.8.4", files: ["install.yaml"], checksums, ...around, place };
  const manifest = await readRelease(release, {
    env,
    cwd,
    say: { act: () => {}, warning: (text) => warnings.push(text) },
    download: around.download ?? ((url, doing) => download(url, doing, deps)),
  });
  return { names: [...manifest.keys()].map(({ metadata }) => metadata.name), warnings };
}

const entryOf = (cache: string) => join(cache, "flamingo", "manifests", checksum);
const good: Handler = ({ url }, response) => void response.writeHead(url === path ? 200 : 404).end(yaml);

test("a file is downloaded once, and then taken from the cache, without a network, too", async () => {
  const { url, received } = await standIn(good);
  const cache = folderWith();
  expect(await read(url, { cache })).toEqual({ names: ["argocd-cm"], warnings: [] });
  expect(received.map((one) => one.url)).toEqual([path]);
  expect(readFileSync(entryOf(cache), "utf8")).toBe(yaml);
  expect(await read("http://127.0.0.1:1", { cache })).toEqual({ names: ["argocd-cm"], warnings: [] });
  expect(await read(undefined, { cache })).toEqual({ names: ["argocd-cm"], warnings: [] });
});

test("runs at the same time share the cache and leave nothing else behind", async () => {
  const { url } = await standIn(good);
  const cache = folderWith();
  const runs = await Promise.all(Array.from({ length: 8 }, () => read(url, { cache })));
  for (const { names } of runs) expect(names).toEqual(["argocd-cm"]);
  expect(readdirSync(join(cache, "flamingo", "manifests"))).toEqual([checksum]);
});

test("a broken entry of the cache is fetched again", async () => {
  const { url, received } = await standIn(good);
  const cache = folderWith({ [`flamingo/manifests/${checksum}`]: yaml.slice(0, 100) });
  await read(url, { cache });
  expect(received).toHaveLength(1);
  expect(readFileSync(entryOf(cache), "utf8")).toBe(yaml);
});

test("nothing is read or written through a link in the cache", async () => {
  const { url, received } = await standIn(good);
  const elsewhere = folderWith({ file: yaml });
  const linked = folderWith({ "flamingo/manifests/other": "" });
  symlinkSync(join(elsewhere, "file"), entryOf(linked));
  await read(url, { cache: linked });
  expect(received).toHaveLength(1);
  writeFileSync(join(elsewhere, "file"), "mine");
  expect(readFileSync(entryOf(linked), "utf8")).toBe(yaml);

  const cache = folderWith();
  mkdirSync(join(cache, "flamingo"));
  symlinkSync(elsewhere, join(cache, "flamingo", "manifests"));
  await read(url, { cache });
  expect(readdirSync(elsewhere)).toEqual(["file"]);
});

test("without a cache folder of one's own nothing is kept", async () => {
  const { url } = await standIn(good);
  const cache = join(folderWith(), "not-there");
  expect((await read(url, { cache })).names).toEqual(["argocd-cm"]);
  expect(existsSync(cache)).toBe(false);
});

test("a place may hold the files of one release alone", async () => {
  const { url, received } = await standIn(({ url }, response) =>
    response.writeHead(url === "/mirror/install.yaml?key=1" ? 200 : 404).end(yaml),
  );
  expect((await read(`${url}/mirror/?key=1`)).names).toEqual(["argocd-cm"]);
  expect(received.map((one) => one.url)).toEqual([`/mirror${path}?key=1`, "/mirror/install.yaml?key=1"]);
  const cwd = folderWith({ [`all${path}`]: yaml, "one/install.yaml": yaml });
  expect((await read("all", { cwd })).names).toEqual(["argocd-cm"]);
  expect((await read(join(cwd, "one"))).names).toEqual(["argocd-cm"]);
});

test.each([
  ["answered 404", new StatusError(404, {}), /^Check the --version: /],
  [
    "refused the connection",
    undefined,
    /^Check that it can be reached .*, or name a folder or a mirror with --manifests$/,
  ],
])("what Argo CD's own address %s for is told with what to do", async (why, cause, hint) => {
  const error = new UserError(`Cannot read install.yaml of Argo CD v2.8.4: ${why}`, {
    hint: "Check the address",
    cause,
  });
  await expect(read(undefined, { download: () => Promise.reject(error) })).rejects.toMatchObject({
    message: error.message,
    hint: expect.stringMatching(hint),
  });
});

test("what the matrix has no checksum of is taken with a warning, and not kept", async () => {
  const { url } = await standIn(good);
  const cache = folderWith();
  expect(await read(url, { cache, checksums: {} })).toEqual({
    names: ["argocd-cm"],
    warnings: ["install.yaml of Argo CD v2.8.4 was not checked: the support matrix has no checksum of it"],
  });
  expect(existsSync(join(cache, "flamingo"))).toBe(false);
});

test("a changed file is refused, from a folder, too, and not kept", async () => {
  const changed = `${yaml}# more\n`;
  const { url } = await standIn((_, response) => response.end(changed));
  const cache = folderWith();
  const sums = `sha256 ${sha256(Buffer.from(changed))}, not ${checksum}`;
  await expect(read(url, { cache })).rejects.toMatchObject({
    message: `Cannot use install.yaml of Argo CD v2.8.4: ${url}${path} is another file than Argo CD released (${sums})`,
    hint: "Take the unchanged file; what is to be different can be patched in what --export prints",
    exitCode: 1,
  });
  expect(existsSync(entryOf(cache))).toBe(false);
  const cwd = folderWith({ "install.yaml": changed });
  await expect(read(".", { cwd })).rejects.toThrow(
    `${cwd}/install.yaml is another file than Argo CD released`,
  );
});

test("a file that is in no folder", async () => {
  const cwd = folderWith();
  await expect(read(".", { cwd })).rejects.toMatchObject({
    message: `Cannot read install.yaml of Argo CD v2.8.4: there is neither ${cwd}${path} nor ${cwd}/install.yaml`,
    hint: "--manifests takes a folder or an https address that holds TAG/manifests/FILE, or the FILE alone",
  });
});

test("a server that is busy, and a connection that breaks off, are tried again", async () => {
  const answers: Handler[] = [
    (_, response) => response.writeHead(429, { "Retry-After": "0" }).end(),
    (_, response) => response.writeHead(503).end(),
    (_, response) => {
      response.writeHead(200, { "Content-Length": yaml.length }).write(yaml.slice(0, 9000));
      setTimeout(() => response.destroy(), 20);
    },
    (_, response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync(yaml)),
  ];
  const { url, received } = await standIn((request, response) => answers.shift()?.(request, response));
  expect((await read(url)).names).toEqual(["argocd-cm"]);
  expect(received).toHaveLength(4);
});

test("redirects are followed, but not from https to http, and not for ever", async () => {
  const { url, received } = await standIn(({ url }, response) => {
    const to = { [path]: "/a?b=1", "/a?b=1": "/end" }[url];
    response.writeHead(to ? 302 : 200, to ? { Location: to } : {}).end(yaml);
  });
  expect((await read(url)).names).toEqual(["argocd-cm"]);
  expect(received.map((one) => one.url)).toEqual([path, "/a?b=1", "/end"]);
  const circle = await standIn((_, response) => response.writeHead(301, { Location: path }).end());
  await expect(read(circle.url)).rejects.toMatchObject({
    message: `Cannot read install.yaml of Argo CD v2.8.4: ${circle.url}${path} redirects to ${circle.url}${path}, which is not followed`,
  });
  expect(circle.received).toHaveLength(11);
});

test.each<[name: string, Handler, why: string, hint: string]>([
  ["404", (_, response) => response.writeHead(404).end(), "answered 404", "Check the address"],
  ["403", (_, response) => response.writeHead(403).end(), "answered 403", "Open the address in a browser"],
])("an address that answers %s", async (_, handler, why, hint) => {
  const { url } = await standIn(handler);
  await expect(read(url)).rejects.toMatchObject({
    message: `Cannot read install.yaml of Argo CD v2.8.4: ${url}${path} ${why}`,
    hint: expect.stringContaining(hint),
    exitCode: 1,
  });
});

test("a server that never comes to an end is left at the deadline", async () => {
  const port = await rawServer((socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\nhalf"));
  const signal = AbortSignal.timeout(200);
  await expect(read(`http://127.0.0.1:${port}`, { signal })).rejects.toMatchObject({
    message: expect.stringMatching(/: the time of --timeout is over, and .* had not answered in full$/),
  });
});

test.each([
  ["", "--manifests is empty"],
  ["ftp://mirror.example", '--manifests "ftp://mirror.example" is no https address'],
  ["https://", '--manifests "https://" is no https address'],
  ["oci://ada:secret@mirror.example", '--manifests "oci://mirror.example" is no https address'],
])("--manifests %j", (place, message) =>
  expect(() => parseManifestPlace(place)).toThrow(expect.objectContaining({ message, exitCode: 2 })),
);
