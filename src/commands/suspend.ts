import { usageError } from "../errors.js";
import { whoAmI } from "../kube/who-am-i.js";
import { suspending } from "../operate/suspension.js";
import { command } from "./command.js";
import { parsed } from "./flag.js";
import { operateFlags, operateOn, selectToOperate } from "./operate.js";

export const suspend = command({
  arguments: "[NAME|REF...]",
  description: `Suspend Flux workloads: Flux leaves them, and what they applied, as they are until they are resumed.

NAME is an Application that flamingo made, and means the workload that it shows. REF is a workload itself, ks/NAME, hr/NAME, rset/NAME or fi/NAME in the namespace of -n. - stands for names on stdin, as get -o name prints them.`,
  examples: [
    ["flamingo suspend podinfo", "the workload that an Application shows"],
    ["flamingo suspend ks/shop hr/redis -n web --reason 'database is moved'", "two workloads, and why"],
    ["flamingo suspend -l team=shop -A", "all with a label, in every namespace"],
  ],
  flags: {
    ...operateFlags,
    reason: parsed("--reason <text>", "why, kept with who and when until it is resumed", (text) => {
      if (text.trim() === "") throw usageError("--reason is empty", "Say why, or leave it out");
      return text;
    }),
  },
  async run(deps, options, args) {
    const selected = await selectToOperate("suspend", args, options, deps);
    const { reason } = options;
    const note =
      reason === undefined ? undefined : { reason, by: await whoAmI(await deps.kube()), at: deps.now() };
    return operateOn(selected, (one) => suspending(one, note), ["suspended", "was suspended already"], deps);
  },
});
