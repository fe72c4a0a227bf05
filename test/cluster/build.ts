import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GoProgram, goBuild, moduleVersion, NoPrograms, programCache } from "./go-build.js";

export { NoPrograms };

/** Absolute paths of the two programs that make a cluster. */
export interface Programs {
  etcd: string;
  kubeApiserver: string;
}

/** Its go.mod also holds the other programs of Kubernetes, see `../e2e/programs.ts`. */
export const moduleFolder = fileURLToPath(new URL("go", import.meta.url));
const apiserver = { module: "k8s.io/kubernetes", package: "k8s.io/kubernetes/cmd/kube-apiserver" };
const etcd = { module: "go.etcd.io/etcd/server/v3", package: "go.etcd.io/etcd/server/v3" };

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

/** The version of a module that go.mod requires, such as "v1.37.2". */
export function requiredVersion(module: string = apiserver.module): string {
  return moduleVersion(moduleFolder, module);
}

/** Without these a program of Kubernetes calls itself v0.0.0-master. */
export function kubernetesVersionVariables(): GoProgram["variables"] {
  const version = requiredVersion();
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value]),
  );
}

function programsIn(folder: string): Programs {
  return { etcd: join(folder, "etcd"), kubeApiserver: join(folder, "kube-apiserver") };
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const name = `kube-apiserver-${requiredVersion()}_etcd-${requiredVersion(etcd.module)}_${process.platform}-${process.arch}`;
  return join(programCache(env), name);
}

async function build(name: string, goPackage: string, target: string): Promise<void> {
  const startedAt = Date.now();
  const say = (what: string) =>
    process.stderr.write(`${what} (${Math.round((Date.now() - startedAt) / 1000)}s)\n`);
  let progress: NodeJS.Timeout | undefined;
  const onStart = () => {
    say(`► Building ${name} for the test cluster, once (kube-apiserver takes some minutes, etcd seconds)`);
    progress = setInterval(() => say(`◎ Building ${name}`), 20_000);
  };
  const instead =
    "etcd and kube-apiserver are built by Go (https://go.dev/dl) from test/cluster/go, or taken from KUBEBUILDER_ASSETS";
  const program = { moduleFolder, package: goPackage, variables: kubernetesVersionVariables() };
  try {
    await goBuild(program, target, { onStart, instead });
    say(`✔ Built ${target}`);
  } finally {
    clearInterval(progress);
  }
}
