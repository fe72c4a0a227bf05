import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtPackage } from "../../built-package.js";
import type { RigPrograms } from "../programs.js";

/** What an image is to the stand-in: this machine's /usr, and some files at their places. */
export interface Image {
  /** before the arguments, where a container names no command */
  entrypoint: string[];
  /** where neither Pod nor container names one */
  user: number;
  environment: Record<string, string>;
  /** of this machine, files and folders by their absolute path in the image */
  files: Record<string, string>;
  /** further names of files, by their absolute path in the image */
  links: Record<string, string>;
}

/** Where programs are looked for in an image that says nothing else. */
export const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The image of this name, whatever its registry and tag; undefined for one whose program is not here. */
export type FindImage = (name: string) => Image | undefined;

/** The images of an install: Argo CD 3.6, what it brings along, and flamingo as it is in this checkout. */
export function imagesOf(programs: RigPrograms, folder: string): FindImage {
  const emptyScript = join(folder, "empty.sh");
  writeFileSync(emptyScript, "#!/bin/sh\n", { mode: 0o755 });
  const argocd: Image = {
    entrypoint: [],
    user: 999,
    environment: { HOME: "/home/argocd", ARGOCD_GPG_ENABLED: "false" }, // its scripts around gpg are not here
    files: {
      "/usr/local/bin/argocd": programs["argocd-3.6"],
      "/usr/local/bin/helm": programs.helm,
      "/usr/local/bin/git-verify-wrapper.sh": emptyScript, // without it the repo-server makes no manifests
    },
    // Argo CD's one program is what it is called as
    links: Object.fromEntries(
      [
        "server",
        "repo-server",
        "application-controller",
        "applicationset-controller",
        "notifications",
        "dex",
        "cmp-server",
      ].map((part) => [`/usr/local/bin/argocd-${part}`, "argocd"]),
    ),
  };
  let flamingo: Image | undefined;
  const images: Record<string, () => Image> = {
    argocd: () => argocd,
    dex: () => ({
      entrypoint: [],
      user: 1001,
      environment: {},
      // it runs only where somebody logs in by it; Argo CD's own program around it looks whether it is there
      files: { "/usr/local/bin/dex": emptyScript },
      links: {},
    }),
    redis: () => ({ entrypoint: ["redis-server"], user: 999, environment: {}, files: {}, links: {} }),
    flamingo: () => (flamingo ??= flamingoImage()),
  };
  return (name) => images[/([^/:@]+)(:[^/]*)?(@.*)?$/.exec(name)?.[1] ?? ""]?.();
}

/** As the packed Dockerfile makes it: who runs what in it. */
function flamingoImage(): Image {
  const built = builtPackage();
  chmodSync(built, 0o755); // made for us alone
  const dockerfile = readFileSync(join(built, "Dockerfile"), "utf8");
  const said = (word: string) => new RegExp(`^${word} (.*)$`, "m").exec(dockerfile)?.[1] ?? "";
  return {
    entrypoint: JSON.parse(said("ENTRYPOINT")) as string[],
    user: Number.parseInt(said("USER"), 10),
    environment: { HOME: "/home/nonroot", PATH: said("ENV").replace(/^PATH=|\$PATH$/g, "") + path },
    files: { "/nodejs/bin/node": process.execPath, [said("COPY").replace(/^\. /, "")]: built },
    links: {},
  };
}
