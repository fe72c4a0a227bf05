import { component } from "../../argo/installed-objects.js";
import { chartInGit, git, hr, ks } from "../../builders/flux.js";
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
  async argo(image: string, role: "application-controller" | "server" = "application-controller") {
    await this.cluster.apply(component(role, image, { namespace: this.appNamespace }));
  }

  async git(name = "src", spec: object = {}, namespace = this.namespace) {
    await this.cluster.apply(git(`${namespace}/${name}`, spec));
  }

  async kustomization(
    name: string,
    spec: object = {},
    more: { namespace?: string; status?: object; labels?: object } = {},
  ) {
    const { namespace = this.namespace, status, labels = {} } = more;
    const workload = ks(`${namespace}/${name}`, { path: `./${name}`, ...spec }, { labels });
    await this.cluster.apply({ ...workload, ...(status ? { status } : {}) });
  }

  async helmRelease(name: string, spec: object = {}, version = "v2") {
    const workload = hr(`${this.namespace}/${name}`, { ...chartInGit, ...spec });
    await this.cluster.apply({ ...workload, apiVersion: `helm.toolkit.fluxcd.io/${version}` });
  }

  application(name: string): Promise<TestObject> {
    return this.cluster.get("argoproj.io/v1alpha1", "Application", name, this.appNamespace);
  }
}
