import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  findOrBuildPrograms,
  moduleFolder as kubernetesFolder,
  kubernetesVersionVariables,
} from "../cluster/build.js";
import {
  type GoProgram,
  goBuild,
  linkerFlags,
  moduleSource,
  moduleVersion,
  NoPrograms,
  programCache,
} from "../cluster/go-build.js";

/** The Argo CD that runs as a whole, and the older ones of which only the server does. */
export const argocdVersions = ["3.6", "2.14", "2.8"] as const;
export type ArgocdVersion = (typeof argocdVersions)[number];

/** Absolute paths of all programs of the rig. */
export type RigPrograms = Record<keyof typeof built | "etcd" | "kube-apiserver" | "redis-server", string>;

interface RigProgram extends GoProgram {
  module: string;
}

const built = {
  kubectl: kubernetes("kubectl"),
  "kube-controller-manager": kubernetes("kube-controller-manager"),
  "kube-scheduler": kubernetes("kube-scheduler"),
  helm: program(kubernetesFolder, "helm.sh/helm/v4", "/cmd/helm"),
  "argocd-3.6": argocd(kubernetesFolder, "github.com/argoproj/argo-cd/v3"),
  kwok: program(moduleOf("kwok"), "sigs.k8s.io/kwok", "/cmd/kwok"),
  "source-controller": program(moduleOf("flux"), "github.com/fluxcd/source-controller"),
  "kustomize-controller": program(moduleOf("flux"), "github.com/fluxcd/kustomize-controller"),
  "helm-controller": program(moduleOf("flux"), "github.com/fluxcd/helm-controller"),
  "argocd-2.14": argocd(moduleOf("argo-cd-2.14"), "github.com/argoproj/argo-cd/v2"),
  "argocd-2.8": argocd(moduleOf("argo-cd-2.8"), "github.com/argoproj/argo-cd/v2"),
};

/** The full version of one Argo CD of the rig, such as "3.6.1". */
export function argocdRelease(version: ArgocdVersion): string {
  const { moduleFolder, module } = built[`argocd-${version}`];
  return moduleVersion(moduleFolder, module).slice(1);
}

/**
 * The text of a file of one Argo CD's repository, from its Go module. Kept beside the program.
 *
 * @example argocdFile("3.6", "notifications_catalog/install.yaml")
 */
export async function argocdFile(version: ArgocdVersion, path: string): Promise<string> {
  const name = `argocd-${version}` as const;
  const { moduleFolder, module } = built[name];
  const kept = join(dirname(targetOf(name, built[name])), basename(path));
  if (!existsSync(kept)) copyFileSync(join(await moduleSource(moduleFolder, module), path), kept);
  return readFileSync(kept, "utf8");
}

/**
 * All programs, those of Go from the cache or built one after the other: 25 to 45 minutes once, on two cores, and 1.2 GB.
 *
 * @throws NoPrograms when Go or redis-server is missing, or a build fails
 */
export async function findOrBuildRigPrograms(say: (line: string) => void): Promise<RigPrograms> {
  const redisServer = findRedisServer();
  const { etcd, kubeApiserver } = await findOrBuildPrograms();
  const paths: Record<string, string> = {};
  for (const [name, program] of Object.entries(built)) {
    const path = targetOf(name, program);
    if (!existsSync(path)) await build(name, program, path, say);
    paths[name] = path;
  }
  return { ...(paths as RigPrograms), etcd, "kube-apiserver": kubeApiserver, "redis-server": redisServer };
}

async function build(
  name: string,
  program: RigProgram,
  target: string,
  say: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now();
  const title = `${name} ${moduleVersion(program.moduleFolder, program.module)}`;
  const instead =
    "the programs of the end-to-end tests are built by Go (https://go.dev/dl) from test/cluster/go and test/e2e/go";
  await goBuild(program, target, {
    onStart: () => say(`► Building ${title}, once, some minutes`),
    instead,
  });
  say(`✔ Built ${title} in ${Math.round((Date.now() - startedAt) / 1000)}s`);
}

/** In a folder named after all that goes in, so that a change of go.mod builds anew and old runs keep theirs. */
function targetOf(name: string, program: RigProgram): string {
  const hash = createHash("sha256")
    .update(readFileSync(join(program.moduleFolder, "go.mod")))
    .update(`\n${program.package}\n${linkerFlags(program)}\n${process.platform} ${process.arch}`)
    .digest("hex")
    .slice(0, 16);
  const version = moduleVersion(program.moduleFolder, program.module);
  // Argo CD's one program is what its file is called; as "argocd" it is the command line
  const file = name.startsWith("argocd-") ? "argocd" : name;
  return join(programCache(), "e2e", `${name}-${version}-${hash}`, file);
}

function findRedisServer(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const path = folders.map((folder) => join(folder, "redis-server")).find((file) => existsSync(file));
  if (path) return path;
  throw new NoPrograms(
    "redis-server is missing: apt-get install redis-server, or any redis 6 or newer on the PATH",
  );
}

function kubernetes(name: string): RigProgram {
  return {
    moduleFolder: kubernetesFolder,
    module: "k8s.io/kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    variables: kubernetesVersionVariables(),
  };
}

function program(moduleFolder: string, module: string, within = ""): RigProgram {
  return { moduleFolder, module, package: `${module}${within}`, variables: {} };
}

/** Without the variable it calls itself 99.99.99. */
function argocd(moduleFolder: string, module: string): RigProgram {
  const release = moduleVersion(moduleFolder, module).slice(1);
  return { ...program(moduleFolder, module, "/cmd"), variables: { [`${module}/common.version`]: release } };
}

function moduleOf(folder: string): string {
  return fileURLToPath(new URL(`go/${folder}`, import.meta.url));
}
