import { expect, test } from "vitest";
import type { Application } from "../../../src/argo/application.js";
import { applicationFindings } from "../../../src/commands/check/application-findings.js";
import { appRecordFrom } from "../../../src/commands/check/applications.js";

const annotations = { "flamingo/engine": "loopback", "argocd.argoproj.io/skip-reconcile": "true" };
const inCluster = "https://kubernetes.default.svc";

/** Of the engine loopback, showing Kustomization `shows` in apps, but for what is told otherwise. */
function app(name: string, shows: string, changes: Changes = {}): Application {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: changes.namespace ?? "argocd",
      labels: { "flamingo/workload-name": shows, "flamingo/workload-type": "Kustomization" },
      annotations: changes.annotations ?? annotations,
    },
    spec: {
      destination: { namespace: "apps", server: changes.server ?? inCluster },
      syncPolicy: { syncOptions: changes.syncOptions ?? [] },
    },
  };
}

interface Changes {
  namespace?: string;
  annotations?: Record<string, string>;
  server?: string;
  syncOptions?: string[];
}

function found(...apps: Application[]): string[] {
  const argo = { flavour: "unknown", version: "3.5.1", labelTracking: false } as const;
  return applicationFindings(apps.map(appRecordFrom), undefined, argo).map(
    ({ id, object, why }) => `${id} ${object?.namespace}/${object?.name}: ${why}`,
  );
}

const byFsa = { annotations: {}, syncOptions: ["FluxSubsystem=true"] };
const lost = { annotations: { "flamingo/engine": "loopback" } };

test.each<[string, Application[], string[]]>([
  ["one Application for each workload", [app("a", "web"), app("b", "api")], []],
  [
    "two of one workload",
    [app("a", "web"), app("b", "web", { namespace: "team" }), app("c", "web", byFsa)],
    [
      "application-duplicate team/b: it shows Kustomization web in apps, and so does the Application a in argocd",
      "application-duplicate argocd/c: it shows Kustomization web in apps, and so does the Application a in argocd",
    ],
  ],
  [
    "workloads of one name in two clusters",
    [app("a", "web"), app("b", "web", { server: "https://leaf.example" })],
    [],
  ],
  ["one that is Argo CD's own beside ours", [app("a", "web"), app("b", "web", { annotations: {} })], []],
  [
    "one without skip-reconcile",
    [app("a", "web", lost)],
    [
      "skip-reconcile-lost argocd/a: it is for the engine loopback and lacks argocd.argoproj.io/skip-reconcile: Argo CD reconciles it by itself, and flamingo leaves it alone",
    ],
  ],
  ["one of fsa, which needs none", [app("a", "web", byFsa)], []],
])("%s", (_, apps, expected) => {
  expect(found(...apps)).toEqual(expected);
});
