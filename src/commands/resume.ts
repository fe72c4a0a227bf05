import { resuming } from "../operate/suspension.js";
import { command } from "./command.js";
import { operateFlags, operateOn, selectToOperate } from "./operate.js";

export const resume = command({
  arguments: "[NAME|REF...]",
  description: `Resume Flux workloads that are suspended: Flux reconciles them at once.

NAME is an Application that flamingo made, and means the workload that it shows. REF is a workload itself, ks/NAME, hr/NAME, rset/NAME or fi/NAME in the namespace of -n. - stands for names on stdin, as get -o name prints them. The reason that suspend --reason left goes.`,
  examples: [
    ["flamingo resume podinfo", "the workload that an Application shows"],
    ["flamingo resume ks/shop hr/redis -n web", "two workloads"],
    ["flamingo resume --all -A", "every Kustomization and HelmRelease that is suspended"],
  ],
  flags: operateFlags,
  async run(deps, options, args) {
    const selected = await selectToOperate("resume", args, options, deps);
    return operateOn(selected, resuming, ["resumed", "was not suspended"], deps);
  },
});
