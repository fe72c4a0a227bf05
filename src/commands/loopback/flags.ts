import { parseShard } from "../../argo/shard.js";
import { usageError } from "../../errors.js";
import { farewells } from "../../loopback/engine/farewell.js";
import { parseListen } from "../../loopback/engine/http-server.js";
import { parseRedisFlag } from "../../loopback/redis/address.js";
import { choice, type OptionsOf, parsed, text, toggle } from "../flag.js";
import { projectFlags } from "../project-flags.js";
import { workloadFlags } from "../workload-flags.js";

export const flags = {
  once: toggle("--once", "report every Application once, then end"),
  exitCode: toggle("--exit-code", "with --once: exit code 4 when an Application is not Synced and Healthy"),
  auto: toggle(
    "--auto",
    "also create Applications for the workloads of the namespace (-n), and delete them when those are gone",
  ),
  ...workloadFlags("--auto"),
  nameTemplate: text(
    "--name-template <template>",
    "with --auto: names, of {namespace}, {name}, {kind} and {cluster} (default {namespace}-{name}-{kind})",
  ),
  ...projectFlags("with --auto: "),
  shard: parsed(
    "--shard <i/n>",
    "report one of n parts of the Applications, beside others that report the other parts (default 1/1)",
    (word) => {
      const shard = parseShard(word);
      if (!shard)
        throw usageError(
          `--shard ${JSON.stringify(word)} is no shard`,
          "Write it as 1/3, 2/3 and 3/3: each for a process of its own",
        );
      return shard;
    },
  ),
  farewell: choice(
    "--farewell <condition|unknown>",
    farewells,
    "what the Applications say once nobody reports them: a condition, or also that sync is Unknown (default condition)",
  ),
  redis: parsed(
    "--redis <host:port>",
    "where redis is (default: as Argo CD is told, through a port-forward from outside the cluster)",
    parseRedisFlag,
  ),
  listen: parsed(
    "--listen <host:port>",
    "serve /healthz, /livez and Prometheus /metrics there; without a host to everybody who reaches this machine",
    (word) => {
      const address = parseListen(word);
      if (!address)
        throw usageError(
          `--listen ${JSON.stringify(word)} is no address`,
          "Write it as 127.0.0.1:8080, or as :8080 for all addresses of this machine",
        );
      return address;
    },
  ),
  argocdMetrics: toggle(
    "--argocd-metrics",
    "with --listen: argocd_app_info of these Applications, too, which Argo CD's own metrics leave out",
  ),
  dryRun: toggle("--dry-run", "only tell what would be written"),
  output: choice(
    "-o, --output <text|json>",
    ["text", "json"],
    "a line for each change, with --once for each Application: text, or JSON (default text)",
  ),
};

export type Options = OptionsOf<typeof flags>;
