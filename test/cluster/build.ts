import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute paths of the two programs that make a cluster. */
export interface Programs {
  etcd: string;
  kubeApiserver: string;
}

/** Why there is no cluster, as one line that says what to do. */
export class NoPrograms extends Error {}

const moduleFolder = fileURLToPath(new URL("go", import.meta.url));
const buildWith = "built by Go (https://go.dev/dl) from test/cluster/go, or taken from KUBEBUILDER_ASSETS";

/**
 * etcd and kube-apiserver: from `KUBEBUILDER_ASSETS` (a folder with both, as `setup-envtest` makes it) where that is
 * set, else from the cache, else built (some minutes, once for each pair of versions).
 *
 * @throws NoPrograms when they must be built and Go is missing or fails
 */
export async function findOrBuildPrograms(env: NodeJS.ProcessEnv = process.env): Promise<Programs> {
  const assets = env["KUBEBUILDER_ASSETS"];
  if (assets) {
    const given = programsIn(assets);
    const missing = Object.values(given).filter((path) => !existsSync(path));
    if (missing.length > 0)
      throw new Error(`KUBEBUILDER_ASSETS is set, but these do not exist: ${missing.join(", ")}`);
    return given;
  }
  const programs = programsIn(cacheFolder(env));
  if (!existsSync(programs.kubeApiserver))
    await build("kube-apiserver", apiserver.package, programs.kubeApiserver);
  if (!existsSync(programs.etcd)) await build("etcd", etcd.package, programs.etcd);
  return programs;
}

const apiserver = { module: "k8s.io/kubernetes", package: "k8s.io/kubernetes/cmd/kube-apiserver" };
const etcd = { module: "go.etcd.io/etcd/server/v3", package: "go.etcd.io/etcd/server/v3" };

/** The version of a module that go.mod requires, such as "v1.36.3". */
export function requiredVersion(module: string = apiserver.module): string {
  const text = readFileSync(join(moduleFolder, "go.mod"), "utf8");
  const version = new RegExp(`^\\s*${module} (v\\S+)`, "m").exec(text)?.[1];
  if (!version) throw new Error(`test/cluster/go/go.mod does not require ${module}`);
  return version;
}

function programsIn(folder: string): Programs {
  return { etcd: join(folder, "etcd"), kubeApiserver: join(folder, "kube-apiserver") };
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const cache = env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const name = `kube-apiserver-${requiredVersion()}_etcd-${requiredVersion(etcd.module)}_${process.platform}-${process.arch}`;
  return join(cache, "flamingo-test", name);
}

/** The program appears at `target` in one move, so that a run at the same time never sees half of it. */
async function build(name: string, goPackage: string, target: string): Promise<void> {
  const temporary = `${target}.${process.pid}.building`;
  await mkdir(dirname(target), { recursive: true });
  const startedAt = Date.now();
  const say = (what: string) =>
    process.stderr.write(`${what} (${Math.round((Date.now() - startedAt) / 1000)}s)\n`);
  let progress: NodeJS.Timeout | undefined;
  const onStart = () => {
    say(`► Building ${name} for the test cluster, once (kube-apiserver takes some minutes, etcd seconds)`);
    progress = setInterval(() => say(`◎ Building ${name}`), 20_000);
  };
  try {
    await go(["build", "-trimpath", "-ldflags", linkerFlags(), "-o", temporary, goPackage], onStart);
    await rename(temporary, target);
    say(`✔ Built ${target}`);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    clearInterval(progress);
  }
}

/** Without these the API server calls itself v0.0.0-master. etcd does not have the variables; the linker ignores them. */
function linkerFlags(): string {
  const version = requiredVersion();
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  const set = Object.entries(variables).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ["-s", "-w", ...set].join(" ");
}

async function go(args: string[], onStart: () => void): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const child = spawn("go", args, { cwd: moduleFolder, env, stdio: ["ignore", "ignore", "pipe"] });
  child.once("spawn", onStart);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const stop = () => child.kill();
  process.once("exit", stop);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "ENOENT"
          ? new NoPrograms(`Go is missing: etcd and kube-apiserver are ${buildWith}`)
          : error,
      );
    });
    child.once("close", resolve);
  }).finally(() => process.off("exit", stop));
  if (code !== 0) {
    const why = said.trim().split("\n").slice(-3).join("; ");
    throw new NoPrograms(`go build failed (${why}): etcd and kube-apiserver are ${buildWith}`);
  }
}
