import type { CommandSummary } from "./command.js";

/** Every command, in the order of `flamingo --help`. */
export const commands: readonly CommandSummary[] = [
  {
    name: "generate-app",
    aliases: ["gen-app"],
    summary: "Turn Flux Kustomizations and HelmReleases into Argo CD Applications",
    load: async () => (await import("./generate-app/index.js")).generateApp,
  },
];
