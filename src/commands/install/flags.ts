import { parseShard } from "../../argo/shard.js";
import { usageError } from "../../errors.js";
import { installModes } from "../../install/install-objects.js";
import { parseManifestPlace } from "../../install/released-files.js";
import { choice, type Flag, parsed, text, toggle } from "../flag.js";
import { applyFlags, matrixIndex } from "../shared-flags.js";

export const flags = {
  version: text(
    "-v, --version <version>",
    "an FSA image (v2.10.2, 2.10, a range or a tag: see flamingo list-candidates), or a stock Argo CD (v3.6.1, latest)",
  ),
  engine: choice(
    "--engine <fsa|loopback>",
    ["fsa", "loopback"],
    "who shows Flux in Argo CD: a patched image, without --version the one that shows the most, or flamingo",
  ),
  mode: choice(
    "--mode <mode>",
    [...installModes, "adopt"],
    "all, crds-only, tenant (for one namespace), helmrelease (by Flux), adopt (images only) (default all)",
  ),
  auto: toggle(
    "--auto",
    "the engine makes an Application for every Kustomization and HelmRelease (default with a new Argo CD)",
  ),
  noAuto: toggle("--no-auto", "the engine makes no Applications"),
  project: text("--project <name>", "with --auto: AppProject of the Applications (default default)"),
  projectTemplate: text(
    "--project-template <template>",
    "with --auto: AppProject by workload, such as '{namespace}'",
  ),
  cascade: choice(
    "--cascade <none|flux>",
    ["none", "flux"],
    "flux: the engine may delete Flux objects, of Applications that were made with --cascade=flux (default none)",
  ),
  ha: onOff("--ha", "several replicas of a new Argo CD and its redis, and two of the engine"),
  shards: parsed(
    "--shards <n>",
    "how many of the engine share the Applications, a Deployment each (default 1)",
    (word) => {
      const only = parseShard(`1/${word}`);
      if (!only) throw usageError(`--shards ${JSON.stringify(word)} is no number of shards`, "Write it as 3");
      return only.count;
    },
  ),
  anonymous: onOff("--anonymous", "let everybody who reaches Argo CD look at it without a login"),
  export: toggle("--export", "print the objects instead of applying them"),
  ...applyFlags,
  wait: onOff("--wait", "wait until everything runs (default true)"),
  noWait: toggle("--no-wait", "end when everything is applied"),
  dev: toggle("--dev", "development builds, too"),
  manifests: parsed(
    "--manifests <folder|url>",
    "where to take Argo CD's manifests from instead of its release",
    parseManifestPlace,
  ),
  index: matrixIndex,
  image: text("--image <image>", "image of Argo CD instead of the one that the version stands for"),
  flamingoImage: text("--flamingo-image <image>", "image of the engine instead of flamingo's own"),
  serviceMonitor: onOff(
    "--service-monitor",
    "have Prometheus ask the engine for its metrics, by a ServiceMonitor",
  ),
  registry: text(
    "--registry <registry>",
    "registry to take all images from, with their paths below it; what --image names stays",
  ),
  imagePullSecret: text("--image-pull-secret <name>", "name of the Secret to pull the images with"),
  rollback: toggle("--rollback", "put back the images that --mode adopt has replaced"),
  force: toggle("--force", "install what does not fit, over what is newer, and take over fields of others"),
  yes: toggle("--yes", "change what is there without asking"),
};

/** A switch that `--flag=false` takes back, as when an earlier install was asked for it. */
function onOff(flag: string, description: string) {
  const parse = (text: string) => {
    if (text === "true" || text === "false") return text === "true";
    throw usageError(
      `${flag} ${JSON.stringify(text)} is neither true nor false`,
      `Write ${flag} or ${flag}=false`,
    );
  };
  return { ...parsed(`${flag} <true|false>`, description, parse), bare: "true" } satisfies Flag<boolean>;
}
