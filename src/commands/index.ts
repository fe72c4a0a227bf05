import type { CommandSummary } from "./command.js";
import { listCandidates } from "./list-candidates/index.js";

/** Every command, in the order of `flamingo --help`. */
export const commands: readonly CommandSummary[] = [
  {
    name: "generate-app",
    aliases: ["gen-app"],
    summary: "Turn Flux Kustomizations and HelmReleases into Argo CD Applications",
    load: async () => (await import("./generate-app/index.js")).generateApp,
  },
  {
    name: "get",
    summary: "List the Applications that flamingo made, and how what they show is",
    load: async () => (await import("./get/index.js")).get,
  },
  {
    name: "list-candidates",
    aliases: ["list-candidate", "candidates", "candidate"],
    summary: "List the FSA images, and with --compatible what they show on this cluster",
    // smaller than what it takes to look for another file; most commands need the larger part of it
    load: () => Promise.resolve(listCandidates),
  },
  {
    name: "loopback",
    summary: "Show Flux in a stock Argo CD: keep Applications true and answer Argo CD's buttons",
    load: async () => (await import("./loopback/index.js")).loopback,
  },
  {
    name: "tree",
    summary: "Show what a workload is made of, from its source down to Pods, or what it depends on",
    load: async () => (await import("./tree/index.js")).tree,
  },
  {
    name: "trace",
    summary: "Show which workload, source and commit made an object, and where to see it",
    load: async () => (await import("./trace/index.js")).trace,
  },
  {
    name: "reconcile",
    summary: "Have Flux reconcile workloads now, and wait for what becomes of it",
    load: async () => (await import("./reconcile.js")).reconcile,
  },
  {
    name: "wait",
    summary: "Wait until workloads are ready and healthy, or say what keeps them",
    load: async () => (await import("./wait.js")).wait,
  },
  {
    name: "suspend",
    summary: "Suspend Flux workloads, by the names of Applications or by themselves",
    load: async () => (await import("./suspend.js")).suspend,
  },
  {
    name: "resume",
    summary: "Resume Flux workloads that are suspended",
    load: async () => (await import("./resume.js")).resume,
  },
  {
    name: "delete",
    summary: "Delete Applications, and with --cascade=flux what they show",
    load: async () => (await import("./delete.js")).deleteApplications,
  },
  {
    name: "install",
    summary: "Install or upgrade an Argo CD that shows Flux, or print what does",
    load: async () => (await import("./install/index.js")).install,
  },
  {
    name: "uninstall",
    summary: "Remove what install made, and never a Flux workload",
    load: async () => (await import("./uninstall.js")).uninstall,
  },
  {
    name: "port-fwd",
    aliases: ["port-forward", "pf"],
    summary: "Forward a local port to Argo CD's page, without kubectl",
    load: async () => (await import("./port-fwd/index.js")).portFwd,
  },
  {
    name: "show-init-password",
    aliases: ["show-init-pass", "show-init-pwd"],
    summary: "Show the initial password of Argo CD's account admin, or why there is none",
    load: async () => (await import("./show-init-password.js")).showInitPassword,
  },
  {
    name: "check",
    summary: "Find out whether this cluster is fit for Flux in Argo CD, and whether it is clean",
    load: async () => (await import("./check/index.js")).check,
  },
  {
    name: "version",
    summary: "Show the versions of flamingo, Kubernetes, Flux and Argo CD",
    load: async () => (await import("./version.js")).version,
  },
  {
    name: "completion",
    summary: "Print a script with which bash, zsh, fish or PowerShell completes flamingo's command lines",
    load: async () => (await import("./completion.js")).completion,
  },
];
