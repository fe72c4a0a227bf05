import type { InitialPassword } from "../argo/installed/initial-password.js";
import { ExitCode, UserError } from "../errors.js";
import { allOf } from "../kube/all-of.js";
import { Deployment } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { permitted } from "../kube/permitted.js";
import type { ListView } from "../output/list-view.js";
import { serverAmong } from "../survey/argo-server.js";
import { noServer } from "../survey/find-server.js";
import { readInitialPassword, untilDecided } from "../survey/initial-password.js";
import { command } from "./command.js";
import type { Deps } from "./deps.js";
import { choice, toggle } from "./flag.js";

export const showInitPassword = command({
  description: `Show the initial password of Argo CD's account admin, alone on stdout.

Argo CD's server makes one when it first starts. Where there is none, what became of it is told: not made yet, deleted, set by somebody else, or of no use since the account is switched off. With Argo CD's operator it is read from where that keeps it.`,
  examples: [
    ["flamingo show-init-password", "for the login page, as admin"],
    ["flamingo show-init-password --wait --timeout 5m", "right after an install, as soon as it is there"],
    ["flamingo show-init-password -o json", "with the Secret that it is kept in"],
  ],
  flags: {
    wait: toggle("--wait", "wait until it is there, no longer than --timeout"),
    output: choice("-o, --output <format>", ["json", "yaml"], "json or yaml (default: the password alone)"),
  },
  async run(deps, options) {
    const { argocd: namespace } = deps.namespaces;
    const kube = await deps.kube();
    const found = await (options.wait ? waited(kube, namespace, deps) : readInitialPassword(kube, namespace));
    if (found.state !== "known") throw await missing(found, kube, namespace);
    const { password, place, doubts } = found;
    for (const doubt of doubts) deps.say.warning(doubt);
    const record: PasswordRecord = { namespace, username: "admin", password, ...place };
    if (options.output) await deps.print([record], view, options.output);
    else deps.stdout.stream.write(`${password.replace(/\r?\n$/, "")}\n`);
    return ExitCode.done;
  },
});

/** A record of `-o json` (schemas/show-init-password.schema.json). */
interface PasswordRecord {
  namespace: string;
  username: "admin";
  password: string;
  /** the Secret that it is kept in, and under which key */
  secret: string;
  key: string;
}

/** Of which json and yaml need nothing. */
const view: ListView<PasswordRecord> = {
  columns: {},
  name: ({ secret }) => `secret/${secret}`,
  empty: "",
};

const doing = "show the initial password";

async function waited(kube: Kube, namespace: string, { say, signal }: Deps): Promise<InitialPassword> {
  for (let isFirst = true; ; isFirst = false) {
    const found = await readInitialPassword(kube, namespace);
    if (found.state !== "awaited") return found;
    const [{ secret }] = found.places;
    if (isFirst) {
      for (const why of found.unknown) say.warning(`Whether there will be one is not known: flamingo ${why}`);
      say.wait(`Waiting for the Secret ${secret} in ${namespace}`);
    }
    await untilDecided(kube, namespace, found, signal);
    if (!signal.aborted) continue;
    if (signal.reason?.name !== "TimeoutError") throw signal.reason;
    throw new UserError(
      `Cannot ${doing}: there is no Secret ${secret} in ${namespace} by now, the time of --timeout is over`,
      {
        hint: `See what keeps Argo CD's server: kubectl get pods -n ${namespace}`,
        exitCode: ExitCode.notReady,
      },
    );
  }
}

async function missing(
  found: Exclude<InitialPassword, { state: "known" }>,
  kube: Kube,
  namespace: string,
): Promise<UserError> {
  if (found.state === "awaited") {
    const deployments = await permitted(allOf(kube.list(Deployment, { namespace })));
    if (deployments.found && !serverAmong(deployments.found)) return noServer(kube, namespace, doing);
  }
  const hint = found.state === "awaited" ? waitHint(found.unknown) : found.hint;
  return new UserError(`Cannot ${doing}: ${found.because}`, { hint, exitCode: ExitCode.notFound });
}

function waitHint(unknown: readonly string[]): string {
  return unknown.length === 0
    ? "Add --wait"
    : "Add --wait, or ask whoever installed Argo CD for the password";
}
