import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./ports.js";
import { isHealthy, type ProgramSpec } from "./program.js";
import { type ArgocdVersion, argocdVersions, type RigPrograms } from "./programs.js";

export const argocdNamespace = "argocd";

export interface ArgocdPlan {
  /** ports on which the servers listen */
  ports: Record<ArgocdVersion, number>;
  /** argocd-repo-server, argocd-application-controller, and argocd-server of each version, the newest first */
  repoServer: ProgramSpec;
  controller: ProgramSpec;
  servers: ProgramSpec[];
}

export interface ArgocdNeeds {
  folder: string;
  kubeconfig: string;
  redisPort: number;
  redisPassword: () => string;
}

/** A whole Argo CD of the newest version, and servers of older ones beside it, which share its objects and its redis. */
export async function planArgocd(programs: RigPrograms, needs: ArgocdNeeds): Promise<ArgocdPlan> {
  const data = dataFolder(needs.folder);
  const repoServerPort = await freePort();
  const ports = Object.fromEntries(
    await Promise.all(argocdVersions.map(async (version) => [version, await freePort()])),
  ) as ArgocdPlan["ports"];
  const redis = `--redis=127.0.0.1:${needs.redisPort}`;
  const withRepoServer = [`--repo-server=127.0.0.1:${repoServerPort}`, "--repo-server-plaintext", redis];
  const withCluster = [`--kubeconfig=${needs.kubeconfig}`, `--namespace=${argocdNamespace}`];
  const [repoMetrics, controllerMetrics] = [await freePort(), await freePort()];

  return {
    ports,
    repoServer: program("argocd-repo-server", "3.5", repoMetrics, [
      `--port=${repoServerPort}`,
      "--address=127.0.0.1",
      `--metrics-port=${repoMetrics}`,
      "--metrics-address=127.0.0.1",
      "--disable-tls",
      "--client-ca-path=", // its default does not go with --disable-tls
      redis,
    ]),
    controller: program("argocd-application-controller", "3.5", controllerMetrics, [
      ...withCluster,
      ...withRepoServer,
      `--metrics-port=${controllerMetrics}`,
    ]),
    servers: await Promise.all(argocdVersions.map(server)),
  };

  async function server(version: ArgocdVersion): Promise<ProgramSpec> {
    const port = ports[version];
    const spec = program("argocd-server", version, port, [
      ...withCluster,
      ...withRepoServer,
      `--port=${port}`,
      "--address=127.0.0.1",
      `--metrics-port=${await freePort()}`,
      "--metrics-address=127.0.0.1",
      "--disable-auth",
      "--insecure",
      // the default of 2.8 names ciphers that Go has dropped since
      "--tlsciphers=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ]);
    return version === argocdVersions[0] ? spec : { ...spec, name: `argocd-server-${version}` };
  }

  /** Argo CD is one program; which part of it runs, it learns from a variable. */
  function program(name: string, version: ArgocdVersion, healthPort: number, args: string[]): ProgramSpec {
    return {
      name,
      command: programs[`argocd-${version}`],
      args: [...args, "--loglevel=info", "--logformat=text"],
      env: () => ({
        PATH: `${data}:${process.env["PATH"] ?? ""}`,
        ARGOCD_BINARY_NAME: name,
        KUBECONFIG: needs.kubeconfig, // the cluster that it calls https://kubernetes.default.svc
        ARGOCD_FAKE_IN_CLUSTER: "true",
        REDIS_PASSWORD: needs.redisPassword(),
        ARGOCD_GPG_ENABLED: "false",
        ARGOCD_TLS_DATA_PATH: data,
        ARGOCD_SSH_DATA_PATH: data,
        ARGOCD_GNUPGHOME: data,
        ARGOCD_GPG_DATA_PATH: data,
        ARGOCD_PLUGINSOCKFILEPATH: data,
      }),
      isReady: () => isHealthy(`http://127.0.0.1:${healthPort}/healthz`),
    };
  }
}

/**
 * What is at fixed places in Argo CD's image. Without `git-verify-wrapper.sh`, which would check signatures, the
 * repo-server makes no manifests.
 */
function dataFolder(folder: string): string {
  const data = join(folder, "argocd-data");
  mkdirSync(data);
  writeFileSync(join(data, "git-verify-wrapper.sh"), "#!/bin/sh\n", { mode: 0o755 });
  return data;
}
