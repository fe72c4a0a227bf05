import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { systemReason, UserError, usageError } from "../errors.js";
import { isMissingFile } from "../kube/download.js";
import type { SupportMatrix } from "../support-matrix/candidate.js";
import { type Manifest, readManifest } from "./manifest.js";
import { ManifestCache, sha256 } from "./manifest-cache.js";

export interface ReleaseDeps {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  download(url: URL, doing: string): Promise<Buffer>;
  say: { act(text: string): void; warning(text: string): void };
}

export interface Release {
  /** "v2.8.4" */
  argocd: string;
  /** below `manifests/`: "crds/application-crd.yaml" */
  files: readonly string[];
  checksums: SupportMatrix["manifests"];
  /** `--manifests`: a folder or an address instead of Argo CD's own */
  place: string | undefined;
}

const ownPlace = "https://raw.githubusercontent.com/argoproj/argo-cd";

/**
 * Files of a release of Argo CD, read and checked. What was downloaded and is what it ought to be is kept in the user's cache.
 *
 * @throws UserError for one that cannot be read, or is another one than the support matrix knows
 */
export async function readRelease(release: Release, deps: ReleaseDeps): Promise<Manifest> {
  const cache = new ManifestCache(deps.env);
  const texts = await Promise.all(release.files.map((file) => readChecked(release, file, cache, deps)));
  return new Map(
    release.files.flatMap((file, index) => [...readManifest(texts[index] ?? "", nameOf(release, file))]),
  );
}

async function readChecked(
  release: Release,
  file: string,
  cache: ManifestCache,
  deps: ReleaseDeps,
): Promise<string> {
  const { place = ownPlace } = release;
  const wanted = release.checksums[release.argocd]?.[file] ?? undefined;
  const folder = isAddress(place) ? undefined : resolve(deps.cwd, place);
  const cached = folder === undefined && wanted !== undefined ? await cache.find(wanted) : undefined;
  if (cached) return cached.toString("utf8");
  const found =
    folder === undefined ? await download(release, file, deps) : await readFrom(folder, release, file);
  if (wanted === undefined) {
    deps.say.warning(`${nameOf(release, file)} was not checked: the support matrix has no checksum of it`);
  } else {
    const actual = sha256(found.content);
    if (actual !== wanted) throw changed(release, file, found.from, { actual, wanted });
    if (folder === undefined) await cache.keep(wanted, found.content);
  }
  return found.content.toString("utf8");
}

interface Found {
  content: Buffer;
  from: string;
}

/** A place holds files as Argo CD's repository does, or those of one release alone. */
function pathsOf({ argocd }: Release, file: string): [string, string] {
  return [`${argocd}/manifests/${file}`, file];
}

async function download(release: Release, file: string, deps: ReleaseDeps): Promise<Found> {
  const doing = `read ${nameOf(release, file)}`;
  const { place = ownPlace } = release;
  const [inRepository, alone] = pathsOf(release, file);
  deps.say.act(`Downloading ${nameOf(release, file)}`);
  const attempt = async (path: string) => {
    const url = below(place, path);
    return { content: await deps.download(url, doing), from: url.origin + url.pathname };
  };
  return attempt(inRepository).catch((error) => {
    if (release.place === undefined) throw ofOwnPlace(error);
    if (!isMissingFile(error)) throw error;
    // where there is neither, the first address is the one to look at
    return attempt(alone).catch((second) => {
      throw isMissingFile(second) ? error : second;
    });
  });
}

/** Nobody has typed this address. */
function ofOwnPlace(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const hint = isMissingFile(error)
    ? "Check the --version: the releases are at https://github.com/argoproj/argo-cd/releases"
    : "Check that it can be reached and is trusted from here (HTTPS_PROXY, NODE_EXTRA_CA_CERTS), or name a folder or a mirror with --manifests";
  return new UserError(error.message, { hint, cause: error.cause });
}

function below(place: string, path: string): URL {
  const url = new URL(place);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}

async function readFrom(folder: string, release: Release, file: string): Promise<Found> {
  const paths = pathsOf(release, file).map((path) => join(folder, path));
  for (const path of paths) {
    try {
      return { content: await readFile(path), from: path };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw unreadable(release, file, `${path}: ${systemReason(error)}`, error);
    }
  }
  throw unreadable(release, file, `there is neither ${paths.join(" nor ")}`);
}

function unreadable(release: Release, file: string, why: string, cause?: unknown): UserError {
  return new UserError(`Cannot read ${nameOf(release, file)}: ${why}`, {
    hint: "--manifests takes a folder or an https address that holds TAG/manifests/FILE, or the FILE alone",
    cause,
  });
}

function changed(
  release: Release,
  file: string,
  from: string,
  { actual, wanted }: { actual: string; wanted: string },
): UserError {
  return new UserError(
    `Cannot use ${nameOf(release, file)}: ${from} is another file than Argo CD released (sha256 ${actual}, not ${wanted})`,
    { hint: "Take the unchanged file; what is to be different can be patched in what --export prints" },
  );
}

function nameOf({ argocd }: Release, file: string): string {
  return `${file} of Argo CD ${argocd}`;
}

function isAddress(place: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(place);
}

/**
 * `--manifests` as it may be written.
 *
 * @throws UserError (exit code 2) for an address that is none, or of another kind
 */
export function parseManifestPlace(text: string): string {
  if (text === "") throw usageError("--manifests is empty", "Name a folder or an https address");
  if (!isAddress(text)) return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return text;
  throw usageError(
    `--manifests ${JSON.stringify(withoutUser(text))} is no https address`,
    "Write it like https://mirror.example.com/argo-cd",
  );
}

function withoutUser(address: string): string {
  return address.replace(/\/\/[^/?#]*@/, "//");
}
