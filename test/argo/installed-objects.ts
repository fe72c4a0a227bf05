import type { Container, PodRunner } from "../../src/kube/kinds.js";
import type { OwnerReference } from "../../src/kube/object.js";

export const stock = "quay.io/argoproj/argocd:v2.10.2";
export const fl = "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb";
export const digest = `quay.io/argoproj/argocd@sha256:${"ab".repeat(32)}`;

export interface RunnerOptions {
  kind?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  replicas?: number;
  ready?: number;
}

/** A Deployment, unless told otherwise, with these containers. */
export function runner(name: string, containers: Container[], options: RunnerOptions = {}): PodRunner {
  const { kind = "Deployment", namespace = "argocd", labels, annotations, ownerReferences } = options;
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: {
      name,
      namespace,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
    },
    spec: {
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      template: { spec: { containers } },
    },
    status: { readyReplicas: options.ready ?? 1 },
  };
}

/** A component as Argo CD's manifests have it from 2.7 on. */
export function component(role: string, image: string, options: RunnerOptions = {}): PodRunner {
  const name = `argocd-${role}`;
  const kind = role === "application-controller" ? "StatefulSet" : "Deployment";
  const labels = { "app.kubernetes.io/part-of": "argocd", "app.kubernetes.io/component": role };
  return runner(name, [{ name, image, args: [`/usr/local/bin/${name}`] }], {
    kind,
    ...options,
    labels: { ...labels, ...options.labels },
  });
}

/** The three that every Argo CD but the core install has. */
export function argo(image: string, options: RunnerOptions = {}): PodRunner[] {
  return ["application-controller", "server", "repo-server"].map((role) => component(role, image, options));
}

/** What the Helm chart puts on its objects; without `release` as when only its templates were rendered. */
export function helm(
  name: string,
  { chart = "argo-cd-6.7.1", version = "v2.10.2", release = name }: Partial<Record<string, string>> = {},
): RunnerOptions {
  return {
    labels: {
      "app.kubernetes.io/instance": name,
      "app.kubernetes.io/managed-by": "Helm",
      "helm.sh/chart": chart,
      ...(version ? { "app.kubernetes.io/version": version } : {}),
    },
    annotations: release ? { "meta.helm.sh/release-name": release } : {},
  };
}
