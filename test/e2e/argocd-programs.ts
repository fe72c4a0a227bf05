import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { freePort } from "./ports.js";
import { isHealthy, type ProgramSpec } from "./program.js";
import { type ArgocdVersion, argocdVersions, type RigPrograms } from "./programs.js";

export const argocdNamespace = "argocd";

export interface ArgocdPlan {
  /** ports on which the servers listen */
  ports: Record<ArgocdVersion, number>;
  repoServer: ProgramSpec;
  /** argocd-application-controller */
  controller: ProgramSpec;
  /** what that serves to Prometheus */
  metricsUrl: string;
  /** those of ApplicationSets and of notifications */
  otherControllers: ProgramSpec[];
  /** argocd-server of each version, the newest first */
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
  const data = dataFolder(needs.folder, programs[`argocd-${argocdVersions[0]}`]);
  const repoServerPort = await freePort();
  const ports = Object.fromEntries(
    await Promise.all(argocdVersions.map(async (version) => [version, await freePort()])),
  ) as ArgocdPlan["ports"];
  const redis = `--redis=127.0.0.1:${needs.redisPort}`;
  const withRepoServer = [`--repo-server=127.0.0.1:${repoServerPort}`, "--repo-server-plaintext", redis];
  const withCluster = [`--kubeconfig=${needs.kubeconfig}`, `--namespace=${argocdNamespace}`];
  const [newest] = argocdVersions;
  const [repoMetrics, controllerMetrics] = [await freePort(), await freePort()];
  const [setMetrics, notificationsMetrics] = [await freePort(), await freePort()];

  return {
    ports,
    repoServer: program("argocd-repo-server", newest, healthz(repoMetrics), [
      `--port=${repoServerPort}`,
      "--address=127.0.0.1",
      `--metrics-port=${repoMetrics}`,
      "--metrics-address=127.0.0.1",
      "--disable-tls",
      "--client-ca-path=", // its default does not go with --disable-tls
      redis,
    ]),
    controller: program("argocd-application-controller", newest, healthz(controllerMetrics), [
      ...withCluster,
      ...withRepoServer,
      `--metrics-port=${controllerMetrics}`,
    ]),
    metricsUrl: metrics(controllerMetrics),
    otherControllers: [
      program("argocd-applicationset-controller", newest, metrics(setMetrics), [
        ...withCluster,
        `--argocd-repo-server=127.0.0.1:${repoServerPort}`,
        "--repo-server-plaintext",
        "--enable-progressive-syncs",
        "--refresh-grace-period-seconds=0",
        "--probe-addr=0", // it has no checks to answer there
        `--metrics-addr=127.0.0.1:${setMetrics}`,
        `--webhook-addr=127.0.0.1:${await freePort()}`,
      ]),
      {
        ...program("argocd-notifications", newest, metrics(notificationsMetrics), [
          ...withCluster,
          `--argocd-repo-server=127.0.0.1:${repoServerPort}`,
          "--argocd-repo-server-plaintext",
          `--metrics-port=${notificationsMetrics}`,
        ]),
        name: "argocd-notifications-controller", // as its Deployment is called
      },
    ],
    servers: await Promise.all(argocdVersions.map(server)),
  };

  async function server(version: ArgocdVersion): Promise<ProgramSpec> {
    const port = ports[version];
    const spec = program("argocd-server", version, healthz(port), [
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
    return version === newest ? spec : { ...spec, name: `argocd-server-${version}` };
  }

  /**
   * Argo CD is one program; which part of it runs, it learns from a variable.
   *
   * @param readyUrl answers 200 when it is ready
   */
  function program(name: string, version: ArgocdVersion, readyUrl: string, args: string[]): ProgramSpec {
    return {
      name,
      command: programs[`argocd-${version}`],
      args: [...args, "--loglevel=info", "--logformat=text"],
      env: () => ({
        PATH: `${data}:${dirname(programs.helm)}:${process.env["PATH"] ?? ""}`,
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
        ARGOCD_ASK_PASS_SOCK: join(data, "ask-pass.sock"),
      }),
      isReady: () => isHealthy(readyUrl),
    };
  }
}

function healthz(port: number): string {
  return `http://127.0.0.1:${port}/healthz`;
}

/** Where those answer, too, that have nothing else to answer. */
function metrics(port: number): string {
  return `http://127.0.0.1:${port}/metrics`;
}

/**
 * What is at fixed places in Argo CD's image. Without `git-verify-wrapper.sh`, which would check signatures, the
 * repo-server makes no manifests; `argocd` is what git asks for a password.
 */
function dataFolder(folder: string, argocd: string): string {
  const data = join(folder, "argocd-data");
  mkdirSync(data);
  writeFileSync(join(data, "git-verify-wrapper.sh"), "#!/bin/sh\n", { mode: 0o755 });
  symlinkSync(argocd, join(data, "argocd"));
  return data;
}
