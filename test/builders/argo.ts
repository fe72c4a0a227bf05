/** Argo CD's objects. Each builder takes what its test is about, and fills in the rest. */
import type { AppProject } from "../../src/argo/app-project.js";
import type { Application } from "../../src/argo/application.js";
import {
  type ApplicationSettings,
  applicationFor,
  type GeneratedApplication,
} from "../../src/argo/application-for.js";
import { type ArgoSettings, argoSettingsFrom } from "../../src/argo/settings.js";
import { type FluxWorkload, workloadFrom } from "../../src/flux/workload.js";
import type { TestObject } from "../cluster/crds.js";
import { location } from "./flux.js";

const apiVersion = "argoproj.io/v1alpha1";
const server = "https://kubernetes.default.svc";

/** How an Argo CD in `argocd` is set when nobody has set anything. */
export const argo: ArgoSettings = argoSettingsFrom("argocd", undefined, undefined);

/**
 * An Application of Argo CD's own.
 *
 * @param at "NAMESPACE/NAME", or "NAME" in the namespace `argocd`
 */
export function application(at: string, spec: object = {}, metadata: object = {}): TestObject & Application {
  const [name = "", namespace = "argocd"] = at.split("/").reverse();
  return {
    apiVersion,
    kind: "Application",
    metadata: { name, namespace, ...metadata },
    spec: {
      project: "default",
      source: { repoURL: "https://git.example/r", path: ".", targetRevision: "main" },
      destination: { server, namespace: "apps" },
      ...spec,
    },
  };
}

/** The Application that flamingo makes for a workload, called like it and of the engine loopback, but for what is told. */
export function generated(
  workload: FluxWorkload,
  settings: Partial<ApplicationSettings> = {},
  content = location(),
): TestObject & GeneratedApplication {
  const application = applicationFor(workloadFrom(workload), content, {
    name: workload.metadata.name,
    namespace: "argocd",
    engine: "loopback",
    project: "default",
    server,
    clusterName: "in-cluster",
    labels: {},
    annotations: {},
    cascade: false,
    ...settings,
  });
  return { ...application };
}

/**
 * Permits everything, but for what is told otherwise.
 *
 * @param at "NAMESPACE/NAME", or "NAME" in the namespace `argocd`
 */
export function appProject(at: string, spec: AppProject["spec"] = {}): TestObject & AppProject {
  const [name = "", namespace = "argocd"] = at.split("/").reverse();
  return {
    apiVersion,
    kind: "AppProject",
    metadata: { name, namespace },
    spec: {
      sourceRepos: ["*"],
      destinations: [{ server: "*", namespace: "*" }],
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      ...spec,
    },
  };
}
