import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startLeashed } from "../../cluster/leash.js";
import { expand } from "./environment.js";
import { type Image, path } from "./images.js";
import type { Container, Pod } from "./pod.js";
import { makeRoot, mountsOf, mountsText } from "./root.js";

/** A program in a container. */
export interface RunningContainer {
  /** its exit code: 128 and the number of the signal when one ended it */
  ended: Promise<number>;
  /** SIGTERM, as long as the program takes for its farewell, then SIGKILL. */
  stop(graceMs: number): Promise<void>;
  /** Whether a command in it ends with 0. */
  succeeds(command: readonly string[]): Promise<boolean>;
}

export interface Place {
  /** of this container's own */
  folder: string;
  log: string;
  /** the process whose network it shares */
  sandbox: number;
  /** the folder of volumes, each called like it */
  volumes: string;
  /** files of this machine by their path in the container */
  files: Record<string, string>;
}

/** Starts a container of a Pod: its image's files and its volumes below a root of its own, its program as the user that it names. */
export function startContainer(
  container: Container,
  pod: Pod,
  image: Image,
  environment: Readonly<Record<string, string>>,
  { folder, log, sandbox, volumes, files }: Place,
): RunningContainer {
  const root = join(folder, "root");
  const pidFile = join(folder, "pid");
  const mountsFile = join(folder, "mounts");
  mkdirSync(root, { recursive: true });
  writeFileSync(pidFile, "");
  writeFileSync(mountsFile, mountsText(mountsOf(container, pod, image, volumes, files)));

  const variables = { PATH: path, HOSTNAME: pod.metadata.name, ...image.environment, ...environment };
  const { command = image.entrypoint, args = [], workingDir = "/", securityContext = {} } = container;
  const argv = [...command, ...args].map((word) => expand(word, variables));
  const leashed = startLeashed(
    "nsenter",
    [
      ...["--target", String(sandbox), "--net"],
      ...["unshare", "--mount", "--pid", "--uts", "--fork"],
      ...["sh", "-c", makeRoot, "sh", root, pidFile, mountsFile, pod.metadata.name],
      ...[securityContext.readOnlyRootFilesystem ? "ro" : "rw", workingDir],
      ...["setpriv", ...privileges(container, pod, image), "--pdeathsig", "KILL", "--", ...argv],
    ],
    { folder, log, env: variables },
  );
  const pid = () => readFileSync(pidFile, "utf8").trim();
  return {
    ended: leashed.ended,
    async stop(graceMs) {
      if (pid() !== "" && isTold(Number(pid()), "SIGTERM"))
        await Promise.race([leashed.ended, sleep(graceMs, undefined, { ref: false })]);
      await leashed.end();
    },
    async succeeds(command) {
      if (pid() === "") return false;
      const within = ["--target", pid(), "--mount", "--net", "--pid", "--root", "--wd", "--"];
      const at = { folder: "", log: "/dev/null", env: variables };
      const tried = startLeashed("nsenter", [...within, ...command], at);
      return (await tried.ended) === 0;
    },
  };
}

/** Who runs it, and that it gets no further. */
function privileges({ securityContext: own = {} }: Container, { spec }: Pod, image: Image): string[] {
  const user = own.runAsUser ?? spec.securityContext?.runAsUser ?? image.user;
  const group = own.runAsGroup ?? spec.securityContext?.runAsGroup ?? user;
  if (user === 0 && (own.runAsNonRoot ?? spec.securityContext?.runAsNonRoot))
    throw new Error("container has runAsNonRoot and image will run as root");
  const without = own.capabilities?.drop?.includes("ALL") ? ["--inh-caps=-all", "--bounding-set=-all"] : [];
  return [`--reuid=${user}`, `--regid=${group}`, "--clear-groups", "--no-new-privs", ...without];
}

/** False for one that has ended. */
function isTold(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
