import { readAsset } from "../assets.js";
import { ExitCode, usageError } from "../errors.js";
import { command } from "./command.js";

/** Shell → its script in `completions/`. Each asks `flamingo __complete`. */
const scripts: ReadonlyMap<string, string> = new Map([
  ["bash", "flamingo.bash"],
  ["zsh", "flamingo.zsh"],
  ["fish", "flamingo.fish"],
  ["powershell", "flamingo.ps1"],
]);

export const completion = command({
  arguments: "<bash|zsh|fish|powershell>",
  description: `Print a script with which a shell completes flamingo's command lines.

Commands, flags and their values, and names of contexts, clusters, namespaces, workloads and Applications: those of a cluster when it answers within 300 ms. The script's first lines say where to put it.`,
  examples: [
    ["flamingo completion bash", "source <(flamingo completion bash), in ~/.bashrc"],
    ["flamingo completion zsh", "source <(flamingo completion zsh), in ~/.zshrc behind compinit"],
    ["flamingo completion fish", "into ~/.config/fish/completions/flamingo.fish"],
    ["flamingo completion powershell", "into Invoke-Expression, in $PROFILE"],
  ],
  flags: {},
  async run(deps, _, [shell = ""]) {
    const script = scripts.get(shell);
    if (script === undefined)
      throw usageError(
        `There is no completion for ${JSON.stringify(shell)}`,
        "Choose bash, zsh, fish or powershell",
      );
    deps.stdout.stream.write(readAsset(`completions/${script}`));
    return ExitCode.done;
  },
});
