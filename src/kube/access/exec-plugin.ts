import { stripVTControlCharacters } from "node:util";
import { UserError } from "../../errors.js";
import { programPath } from "../../program-path.js";
import type { Credential, CredentialSource } from "./credentials.js";
import { execCredentialIn, execInfo } from "./exec-credential.js";
import type { Cluster, ExecPlugin } from "./kubeconfig-types.js";

export interface ExecPluginDeps {
  env: Readonly<Record<string, string | undefined>>;
  /** kills a plugin that is running */
  signal: AbortSignal;
  stdin: { isTTY?: boolean | undefined };
  now(): Date;
}

export interface ExecPluginSettings {
  plugin: ExecPlugin;
  /** told to the plugin when it wants to know (`provideClusterInfo`) */
  cluster: Cluster;
  /** PEM of the cluster's CA, from data or file */
  ca: string | undefined;
  /** for errors: "context kind-dev" */
  description: string;
}

/**
 * Credentials from a program of the user's, such as `aws eks get-token`, by the rules of client-go
 * (`plugin/pkg/client/auth/exec/exec.go`): run when first needed, kept in memory until they expire, run again after a 401;
 * parallel requests wait for one run. What it writes to stderr reaches the user as it is.
 */
export function execPlugin(settings: ExecPluginSettings, deps: ExecPluginDeps): CredentialSource {
  checkPlugin(settings);
  let running: Promise<Credential> | undefined;
  let kept: { credential: Credential; expires: Date | undefined } | undefined;

  async function runOnce(): Promise<Credential> {
    const result = execCredentialIn(
      await outputOf(settings, deps),
      doing(settings),
      settings.plugin.apiVersion,
    );
    kept = result;
    return result.credential;
  }

  return {
    current() {
      if (kept && (kept.expires === undefined || deps.now() <= kept.expires))
        return Promise.resolve(kept.credential);
      running ??= runOnce().finally(() => {
        running = undefined;
      });
      return running;
    },
    renew() {
      kept = undefined;
      return true;
    },
  };
}

const apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

function checkPlugin(settings: ExecPluginSettings): void {
  const { command, apiVersion, interactiveMode } = settings.plugin;
  const wrong = (why: string, hint = "Correct the user's exec section in the kubeconfig") =>
    new UserError(`${doing(settings)}: ${why}`, { hint });
  if (command === "") throw wrong("the exec section of the user has no command");
  if (!apiVersions.includes(apiVersion)) {
    throw wrong(
      `its apiVersion ${apiVersion || '""'} is not supported`,
      `Update the plugin and write the kubeconfig again, so that it says ${apiVersions.join(" or ")}`,
    );
  }
  // only v1beta1 has a default
  if (interactiveMode === undefined && !apiVersion.endsWith("/v1beta1")) {
    throw wrong("the exec section of the user has no interactiveMode");
  }
  if (!["Never", "IfAvailable", "Always", undefined].includes(interactiveMode)) {
    throw wrong(`its interactiveMode ${interactiveMode} is none of Never, IfAvailable and Always`);
  }
}

async function outputOf(settings: ExecPluginSettings, deps: ExecPluginDeps): Promise<string> {
  const { plugin } = settings;
  const isInteractive = mayAsk(settings, deps);
  const program = programPath(plugin.command, deps.env);
  if (program === undefined) throw cannotRun(settings, { code: "ENOENT" });
  // execa, as it finds .cmd files on Windows and kills what ignores SIGTERM; loaded only where there is a plugin
  const { execa } = await import("execa");
  const run = execa(program, plugin.args, {
    env: {
      ...deps.env,
      ...plugin.env,
      KUBERNETES_EXEC_INFO: execInfo({ ...settings, interactive: isInteractive }),
    },
    extendEnv: false,
    stdin: isInteractive ? "inherit" : "ignore",
    stderr: "inherit",
    cancelSignal: deps.signal,
    forceKillAfterDelay: 500,
    reject: false,
  });
  // what a plugin has started itself outlives it, and would keep us waiting for the end of its output
  const letGo = () => run.stdout.destroy();
  deps.signal.addEventListener("abort", letGo, { once: true });
  const result = await run;
  deps.signal.removeEventListener("abort", letGo);
  deps.signal.throwIfAborted();
  if (result.failed) throw cannotRun(settings, result);
  return result.stdout;
}

/** May the plugin ask the person at the terminal? */
function mayAsk(settings: ExecPluginSettings, { stdin }: ExecPluginDeps): boolean {
  const mode = settings.plugin.interactiveMode ?? "IfAvailable";
  if (mode === "Always" && stdin.isTTY !== true) {
    throw new UserError(`${doing(settings)}: it has to ask something, and standard input is not a terminal`, {
      hint: "Run this in a terminal, or choose another way to sign in",
    });
  }
  return mode !== "Never" && stdin.isTTY === true;
}

function cannotRun(
  settings: ExecPluginSettings,
  failure: { code?: string | undefined; exitCode?: number | undefined; signal?: string | undefined },
): UserError {
  const { installHint } = settings.plugin;
  if (failure.code === "ENOENT") {
    return new UserError(`${doing(settings)}: this program is not installed or not in the PATH`, {
      hint: installHint ? withoutControls(installHint) : "Install it, or write the kubeconfig again",
    });
  }
  if (failure.code === "EACCES") {
    return new UserError(`${doing(settings)}: this file may not be executed`, {
      hint: "Check its permissions",
    });
  }
  const end =
    failure.exitCode === undefined
      ? `by ${failure.signal ?? failure.code}`
      : `with exit code ${failure.exitCode}`;
  return new UserError(`${doing(settings)}: it ended ${end}`, {
    hint: "What it said is printed above; sign in again with the tool that it belongs to",
  });
}

/** A hint comes from a file that others may have written: it must not steer the terminal. */
function withoutControls(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .trim();
}

function doing({ plugin, description }: ExecPluginSettings): string {
  return `Cannot get credentials for ${description} from ${plugin.command || "an exec plugin"}`;
}
