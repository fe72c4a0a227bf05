/** Application, argoproj.io/v1alpha1: the fields that flamingo writes and reads, the same from Argo CD 2.2 to 3.5. */
import type { Kind, KubeObject } from "../kube/object.js";

export interface Application extends KubeObject {
  spec: {
    project: string;
    source: ApplicationSource;
    destination: { server: string; namespace: string };
    syncPolicy: { syncOptions: string[] };
  };
}

export interface ApplicationSource {
  repoURL: string;
  path?: string;
  chart?: string;
  targetRevision: string;
  helm?: { releaseName: string };
}

export const Application: Kind<Application> = {
  group: "argoproj.io",
  kind: "Application",
  plural: "applications",
};

/**
 * How Flux gets into Argo CD: "fsa" by a patched Argo CD image, "loopback" by `flamingo loopback` beside a stock one.
 * Both are forms of the same Application.
 */
export type Engine = "fsa" | "loopback";

export const engines: readonly Engine[] = ["fsa", "loopback"];

/** The engine for which a generated Application was written. */
export function engineOf(application: KubeObject & { spec?: Partial<Application["spec"]> }): Engine {
  return application.spec?.syncPolicy?.syncOptions?.includes("FluxSubsystem=true") ? "fsa" : "loopback";
}
