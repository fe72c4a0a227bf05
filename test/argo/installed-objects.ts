import type { PodRunner } from "../../src/kube/kinds.js";
import { type RunnerOptions, runner } from "../builders/kube.js";

export const stock = "quay.io/argoproj/argocd:v2.10.2";
export const fl = "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.10.2-fl.23-main-d2c9a8cb";
export const digest = `quay.io/argoproj/argocd@sha256:${"ab".repeat(32)}`;

export interface ComponentOptions extends RunnerOptions {
  namespace?: string;
}

/** A component as Argo CD's manifests have it from 2.7 on. */
export function component(
  role: string,
  image: string,
  { namespace = "argocd", ...options }: ComponentOptions = {},
): PodRunner {
  const name = `argocd-${role}`;
  const kind = role === "application-controller" ? "StatefulSet" : "Deployment";
  const labels = { "app.kubernetes.io/part-of": "argocd", "app.kubernetes.io/component": role };
  return runner(`${namespace}/${name}`, [{ name, image, args: [`/usr/local/bin/${name}`] }], {
    kind,
    ...options,
    labels: { ...labels, ...options.labels },
  });
}

/** The three that every Argo CD but the core install has. */
export function argo(image: string, options: ComponentOptions = {}): PodRunner[] {
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
