import { engines } from "../../argo/application.js";
import { inClusterServer } from "../../names.js";
import { choice, text, texts, toggle } from "../flag.js";
import { projectFlags } from "../project-flags.js";
import { applyFlags } from "../shared-flags.js";
import { workloadFlags } from "../workload-flags.js";

export const flags = {
  all: toggle(
    "--all",
    "every Kustomization and HelmRelease of the namespace, or those of --kind (with -A of all namespaces, with -f and -k of the files)",
  ),
  ...workloadFlags("--all"),
  filename: texts(
    "-f, --filename <path>",
    "read workloads and sources from a file, a folder or stdin (-), not from a cluster",
  ),
  kustomize: text("-k, --kustomize <folder>", "read what `kustomize build` prints for a folder"),
  follow: toggle(
    "--follow",
    "with -f: what Flux makes of the repository that the folder is in, from its entries on",
  ),
  entry: texts("--entry <path>", "with --follow: begin at this path of the repository; may be repeated"),
  source: texts(
    "--source <source=folder>",
    "with --follow: where the content of another source (KIND/NAMESPACE/NAME) lies; may be repeated",
  ),
  allowRemote: toggle("--allow-remote", "with --follow: let kustomize fetch remote bases"),
  engine: choice(
    "--engine <auto|fsa|loopback>",
    ["auto", ...engines],
    "who shows Flux in Argo CD: a patched image (fsa) or flamingo (loopback)",
  ),
  appName: text("--app-name <application>", "name of the Application (default: the workload's)"),
  nameTemplate: text(
    "--name-template <template>",
    "names of several Applications, of {namespace}, {name}, {kind} and {cluster} (default {namespace}-{name}-{kind})",
  ),
  server: text("--server <url>", `destination cluster, as Argo CD reaches it (default ${inClusterServer})`),
  ...projectFlags(),
  label: texts("--label <key=value>", "further label of the Applications; may be repeated"),
  annotation: texts("--annotation <key=value>", "further annotation of the Applications; may be repeated"),
  cascade: choice(
    "--cascade <none|flux>",
    ["none", "flux"],
    "what goes with a deleted Application: nothing, or its Flux objects",
  ),
  export: toggle("--export", "print the Applications instead of applying them"),
  outputDir: text(
    "--output-dir <folder>",
    "write each Application to a file of its own, with a kustomization.yaml",
  ),
  ...applyFlags,
  diffWith: text(
    "--diff-with <folder>",
    "with --all and -f: print which Applications go, change and come since the state in another folder; exit code 4 when any does",
  ),
  diffWithRef: text(
    "--diff-with-ref <ref>",
    "the same since a commit of the repository, such as origin/main",
  ),
  output: choice(
    "-o, --output <format>",
    ["json", "yaml", "table", "markdown"],
    "json or yaml; with --diff-with and --diff-with-ref also table (their default) or markdown",
  ),
  force: toggle(
    "--force",
    "overwrite Applications of others, take over their fields, use an unproven engine",
  ),
};
