import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { Application } from "../../argo/application.js";
import { onlyShard } from "../../argo/shard.js";
import { ExitCode, UserError, usageError } from "../../errors.js";
import type { Kube } from "../../kube/kube.js";
import { command } from "../command.js";
import type { Namespaces } from "../namespaces.js";
import { autoSettingsFrom } from "./auto-settings.js";
import { flags } from "./flags.js";

export const loopback = command({
  description: `Show Flux in a stock Argo CD: keep the Applications of the engine loopback true.

Argo CD's own controller leaves these Applications alone (argocd.argoproj.io/skip-reconcile). flamingo writes into them what Flux did, with health and history, gives their trees to Argo CD's page, and answers its buttons. It goes on until it is stopped, from anywhere: outside the cluster it reaches redis through the API server. One at a time reports into one Argo CD; a second one waits, or ends at once with --once. More Applications than one can hold in memory are shared among several by --shard.`,
  examples: [
    ["flamingo loopback", "keep the Applications true that generate-app made"],
    ["flamingo loopback --auto -A", "make the Applications, too, and delete them with their workloads"],
    ["flamingo loopback --once --exit-code", "one pass, for CI: exit code 4 when something is not in step"],
    ["flamingo loopback --shard=1/2", "half of the Applications, beside another one with --shard=2/2"],
    ["flamingo loopback --listen :8080 -o json", "with metrics, and a JSON line for each change"],
  ],
  flags,
  endless: (options) => !options.once,
  async run(deps, options) {
    if (options.exitCode && !options.once)
      throw usageError("--exit-code goes with --once", "Add --once, or leave --exit-code out");
    if (options.farewell && (options.once || options.dryRun))
      throw usageError(
        `--farewell does not go with ${options.once ? "--once" : "--dry-run"}`,
        "It is for a flamingo that goes on until it is stopped: leave --farewell out",
      );
    if (options.argocdMetrics && !options.listen)
      throw usageError("--argocd-metrics goes with --listen", "Say where: --listen 127.0.0.1:8080");
    const { shard = onlyShard } = options;
    const auto = autoSettingsFrom(options, deps);
    if (auto && shard.index !== 1)
      deps.say.act("With --auto it is shard 1 that creates and deletes Applications: this one reports only");
    const { namespaces } = deps;
    const kube = await deps.kube();
    await requireApplications(kube, namespaces);
    const { Run } = await import("./run.js");
    const identity = `${hostname()}_${process.pid}_${randomBytes(3).toString("hex")}`;
    const makes = shard.index === 1 ? auto : undefined;
    return new Run({ kube, options, auto: makes, shard, identity, deps }).toTheEnd();
  },
});

async function requireApplications(kube: Kube, { argocd }: Namespaces): Promise<void> {
  if ((await kube.servedVersion(Application)) !== undefined) return;
  throw new UserError(
    `Cannot report into the Argo CD in ${argocd}: the cluster does not serve applications.argoproj.io`,
    {
      hint: "Install Argo CD first: flamingo install; or choose another --context",
      exitCode: ExitCode.notServed,
    },
  );
}
