import type { TestCluster } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { flamingo, type Run } from "../../flamingo.js";

export const flImage = "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb";
export const oldFlImage = "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.7.17-fl.15-main-f762c2ac";
export const stockImage = "quay.io/argoproj/argocd:v3.5.1";

/** Two namespaces of one test, `NAME` with Flux objects and `NAME-argocd` for Applications, and flamingo run in them. */
export class Setting {
  readonly cluster: TestCluster;
  readonly namespace: string;
  readonly appNamespace: string;

  private constructor(cluster: TestCluster, name: string) {
    this.cluster = cluster;
    this.namespace = name;
    this.appNamespace = `${name}-argocd`;
  }

  static async make(cluster: TestCluster, name: string): Promise<Setting> {
    const setting = new Setting(cluster, name);
    await cluster.createNamespace(setting.namespace);
    await cluster.createNamespace(setting.appNamespace);
    return setting;
  }

  /** Runs `generate-app LINE` with `-n` and `-N` of this setting. */
  run(line: string, options: { kubeconfig?: string } = {}): Promise<Run> {
    const kubeconfig = options.kubeconfig ?? this.cluster.kubeconfig();
    return flamingo(`generate-app ${line} -n ${this.namespace} -N ${this.appNamespace}`, { kubeconfig });
  }

  /** An Argo CD, as far as flamingo looks at it. */
  async argo(image: string, component: "application-controller" | "server" = "application-controller") {
    const name = `argocd-${component}`;
    await this.cluster.apply({
      apiVersion: "apps/v1",
      kind: component === "server" ? "Deployment" : "StatefulSet",
      metadata: { name, namespace: this.appNamespace },
      spec: {
        selector: { matchLabels: { app: name } },
        ...(component === "server" ? {} : { serviceName: name }),
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name, image, args: [`/usr/local/bin/${name}`] }] },
        },
      },
    } as TestObject);
  }

  async git(name = "src", spec: object = {}, namespace = this.namespace) {
    await this.#put("source.toolkit.fluxcd.io/v1", "GitRepository", name, namespace, {
      interval: "10m",
      url: "https://git.example/r",
      ref: { branch: "main" },
      ...spec,
    });
  }

  async kustomization(
    name: string,
    spec: object = {},
    more: { namespace?: string; status?: object; labels?: object } = {},
  ) {
    const { namespace = this.namespace, status, labels } = more;
    const sourceRef = { kind: "GitRepository", name: "src" };
    const whole = { interval: "10m", prune: true, path: `./${name}`, sourceRef, ...spec };
    await this.#put(
      "kustomize.toolkit.fluxcd.io/v1",
      "Kustomization",
      name,
      namespace,
      whole,
      status,
      labels,
    );
  }

  async helmRelease(name: string, spec: object = {}, version = "v2") {
    const chart = { spec: { chart: "./charts/x", sourceRef: { kind: "GitRepository", name: "src" } } };
    await this.#put(`helm.toolkit.fluxcd.io/${version}`, "HelmRelease", name, this.namespace, {
      interval: "10m",
      chart,
      ...spec,
    });
  }

  application(name: string): Promise<TestObject> {
    return this.cluster.get("argoproj.io/v1alpha1", "Application", name, this.appNamespace);
  }

  async #put(
    apiVersion: string,
    kind: string,
    name: string,
    namespace: string,
    spec: object,
    status?: object,
    labels?: object,
  ): Promise<void> {
    const metadata = { name, namespace, ...(labels ? { labels } : {}) };
    await this.cluster.apply({
      apiVersion,
      kind,
      metadata,
      spec,
      ...(status ? { status } : {}),
    } as TestObject);
  }
}
