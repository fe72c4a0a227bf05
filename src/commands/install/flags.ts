import { usageError } from "../../errors.js";
import { installModes } from "../../install/install-objects.js";
import { parseManifestPlace } from "../../install/released-files.js";
import { choice, type Flag, parsed, text, toggle } from "../flag.js";
import { applyFlags, matrixIndex } from "../shared-flags.js";

export const flags = {
  version: text(
    "-v, --version <version>",
    "which FSA image: v2.10.2, 2.10, a range, or an image's tag (see flamingo list-candidates)",
  ),
  engine: choice(
    "--engine <fsa|loopback>",
    ["fsa", "loopback"],
    "who is to show Flux in Argo CD; fsa without --version: the image that shows the most",
  ),
  mode: choice(
    "--mode <mode>",
    installModes,
    "all, crds-only, tenant (for one namespace), helmrelease (by Flux) (default all)",
  ),
  anonymous: {
    ...parsed(
      "--anonymous <true|false>",
      "let everybody who reaches Argo CD look at it without a login",
      booleanOf("--anonymous"),
    ),
    bare: "true",
  } satisfies Flag<boolean>,
  export: toggle("--export", "print the objects instead of applying them"),
  ...applyFlags,
  wait: {
    ...parsed("--wait <true|false>", "wait until everything runs (default true)", booleanOf("--wait")),
    bare: "true",
  } satisfies Flag<boolean>,
  noWait: toggle("--no-wait", "end when everything is applied"),
  dev: toggle("--dev", "development builds, too"),
  manifests: parsed(
    "--manifests <folder|url>",
    "where to take Argo CD's manifests from instead of its release",
    parseManifestPlace,
  ),
  index: matrixIndex,
  image: text("--image <image>", "image of Argo CD instead of the one that the version stands for"),
  registry: text(
    "--registry <registry>",
    "registry to take all images from, with their paths below it; what --image names stays",
  ),
  imagePullSecret: text("--image-pull-secret <name>", "name of the Secret to pull the images with"),
  force: toggle("--force", "install what does not fit, over what is newer, and take over fields of others"),
  yes: toggle("--yes", "change what is there without asking"),
};

function booleanOf(flag: string): (text: string) => boolean {
  return (text) => {
    if (text === "true" || text === "false") return text === "true";
    throw usageError(
      `${flag} ${JSON.stringify(text)} is neither true nor false`,
      `Write ${flag} or ${flag}=false`,
    );
  };
}
