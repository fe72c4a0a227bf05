import { expect, test } from "vitest";
import { type Application, projectOf } from "../../src/argo/application.js";
import type { ApplicationSettings } from "../../src/argo/application-for.js";
import {
  cascadesToFlux,
  clusterOf,
  engineOf,
  isAsMade,
  isElsewhere,
  isGenerated,
  isMadeByAuto,
  loopbackStateOf,
  shownBy,
  skipsReconcile,
} from "../../src/argo/generated.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import { keyOf } from "../../src/kube/object-id.js";
import { application, generated } from "../builders/argo.js";
import { hr, ks, location } from "../builders/flux.js";

/** An Application as flamingo makes it. */
function ours(settings: Partial<ApplicationSettings>, shown: FluxWorkload = ks("web")): Application {
  return generated(shown, { name: "shown", ...settings }, location({ path: "deploy" }));
}

/** One as the Go CLI makes it. */
const ofGoCli: Application = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: {
    name: "shown",
    namespace: "argocd",
    labels: {
      "app.kubernetes.io/managed-by": "flamingo",
      "flamingo/workload-name": "web",
      "flamingo/workload-type": "Kustomization",
      "flamingo/source-type": "GitRepository",
      "flamingo/destination-namespace": "apps",
      "flamingo/cluster-name": "in-cluster",
    },
    annotations: {
      "weave.gitops.flamingo/base-url": "http://localhost:9001",
      "weave.gitops.flamingo/cluster-name": "Default",
    },
  },
  spec: {
    project: "default",
    source: { repoURL: "https://git.example/r", path: "./deploy", targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace: "apps" },
    syncPolicy: { syncOptions: ["ApplyOutOfSyncOnly=true", "FluxSubsystem=true"] },
  },
};

/** One that people made for Argo CD itself. */
const native: Application = application("shown", {
  source: { repoURL: "https://git.example/r", path: "deploy" },
});

const bare: Application = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "shown" },
};

const skipping = { "argocd.argoproj.io/skip-reconcile": "true" };
const fluxSubsystem = { syncPolicy: { syncOptions: ["FluxSubsystem=true"] } };

function withSpec(spec: Application["spec"], application = ours({})): Application {
  return { ...application, spec: { ...application.spec, ...spec } };
}

function withMetadata(metadata: object, application = ours({})): Application {
  return { ...application, metadata: { ...application.metadata, ...metadata } };
}

function without(part: keyof NonNullable<Application["spec"]>): Application {
  const { [part]: _, ...spec } = ours({}).spec ?? {};
  return { ...ours({}), spec };
}

const answersFor = (application: Application) => ({
  generated: isGenerated(application),
  engine: engineOf(application),
  skips: skipsReconcile(application),
  loopback: loopbackStateOf(application),
  shows: keyOf(shownBy(application)),
  asMade: isAsMade(application),
  cluster: clusterOf(application),
  elsewhere: isElsewhere(application),
  auto: isMadeByAuto(application),
  cascades: cascadesToFlux(application),
});

const loopback: ReturnType<typeof answersFor> = {
  generated: true,
  engine: "loopback",
  skips: true,
  loopback: "ours",
  shows: "kustomize.toolkit.fluxcd.io/Kustomization/apps/web",
  asMade: true,
  cluster: "https://kubernetes.default.svc",
  elsewhere: false,
  auto: false,
  cascades: false,
};
const fsa: typeof loopback = { ...loopback, engine: "fsa", skips: false, loopback: "other" };
const none: typeof loopback = { ...loopback, engine: undefined, skips: false, loopback: "other" };
const byItsName = "kustomize.toolkit.fluxcd.io/Kustomization/apps/shown";
const long = "w".repeat(64);
const leaf = "https://10.0.0.1:6443";

test.each<[string, Application, typeof loopback]>([
  ["ours, for loopback", ours({}), loopback],
  ["ours, for fsa", ours({ engine: "fsa" }), fsa],
  ["the Go CLI's", ofGoCli, fsa],
  [
    "of a HelmRelease",
    ours({}, hr("web")),
    { ...loopback, shows: "helm.toolkit.fluxcd.io/HelmRelease/apps/web" },
  ],
  [
    "of a name that is no label value",
    ours({}, ks(long)),
    { ...loopback, shows: `kustomize.toolkit.fluxcd.io/Kustomization/apps/${long}` },
  ],
  ["made by --auto", ours({ annotations: { "flamingo/auto": "true" } }), { ...loopback, auto: true }],
  ["taken over from --auto", ours({ annotations: { "flamingo/auto": "" } }), loopback],
  ["with a cascade", ours({ cascade: true }), { ...loopback, cascades: true }],

  [
    "one that has lost skip-reconcile",
    withMetadata({ annotations: { "flamingo/engine": "loopback" } }),
    { ...loopback, skips: false, loopback: "lost" },
  ],
  [
    "one that is reconciled by Argo CD again",
    withMetadata({
      annotations: { "flamingo/engine": "loopback", "argocd.argoproj.io/skip-reconcile": "false" },
    }),
    { ...loopback, skips: false, loopback: "lost" },
  ],
  [
    "one that skips reconciliation and names no engine",
    withMetadata({ annotations: skipping }),
    { ...none, skips: true },
  ],
  ["one of loopback that got the sync option", withSpec(fluxSubsystem), loopback],
  ["the Go CLI's that lost the sync option", withSpec({ syncPolicy: {} }, ofGoCli), none],
  [
    "an ApplicationSet's, for loopback",
    withMetadata({ annotations: { ...skipping, "flamingo/engine": "loopback" } }, native),
    { ...loopback, generated: false, shows: byItsName, asMade: false },
  ],

  ["a native one", native, { ...none, generated: false, shows: byItsName, asMade: false }],
  [
    "a native one for an FSA image",
    withSpec(fluxSubsystem, native),
    { ...fsa, generated: false, shows: byItsName, asMade: false },
  ],
  [
    "of another tool",
    withMetadata({ labels: { "app.kubernetes.io/managed-by": "Helm" } }, native),
    { ...none, generated: false, shows: byItsName, asMade: false },
  ],

  [
    "by the name of Argo CD's own cluster",
    withSpec({ destination: { name: "in-cluster", namespace: "apps" } }),
    loopback,
  ],
  [
    "by the name of another cluster",
    withSpec({ destination: { name: "leaf", namespace: "apps" } }),
    { ...loopback, cluster: "leaf", elsewhere: true },
  ],
  [
    "by the address of another cluster",
    ours({ server: leaf }),
    { ...loopback, cluster: leaf, elsewhere: true },
  ],
  [
    "sent to another namespace",
    withSpec({ destination: { name: "in-cluster", namespace: "web" } }),
    { ...loopback, shows: "kustomize.toolkit.fluxcd.io/Kustomization/web/web", asMade: false },
  ],
  [
    "without a namespace as destination",
    withSpec({ destination: { name: "in-cluster" } }),
    { ...loopback, asMade: false },
  ],
  [
    "without its labels",
    withMetadata({ labels: { "app.kubernetes.io/managed-by": "flamingo" } }),
    { ...loopback, shows: byItsName, asMade: false },
  ],
  [
    "of a kind that is no workload",
    withMetadata({
      labels: { ...ofGoCli.metadata.labels, "flamingo/workload-type": "Secret" },
    }),
    { ...loopback, shows: "/Secret/apps/web" },
  ],
  [
    "of a ResourceSet",
    withMetadata({
      labels: { ...ofGoCli.metadata.labels, "flamingo/workload-type": "ResourceSet" },
    }),
    { ...loopback, shows: "fluxcd.controlplane.io/ResourceSet/apps/web" },
  ],
  [
    "without destination",
    without("destination"),
    { ...loopback, asMade: false, cluster: undefined, elsewhere: true },
  ],
  ["without source", without("source"), loopback],
  ["without syncPolicy", without("syncPolicy"), loopback],
  [
    "without anything",
    bare,
    {
      ...none,
      generated: false,
      shows: "kustomize.toolkit.fluxcd.io/Kustomization//shown",
      asMade: false,
      cluster: undefined,
      elsewhere: true,
    },
  ],
])("an Application, %s", (_, application, expected) => {
  expect(answersFor(application)).toEqual(expected);
});

test.each<[string, Application]>([
  ["web", { ...bare, spec: { project: "web" } }],
  ["default", { ...bare, spec: { project: "" } }],
  ["default", { ...bare, spec: {} }],
  ["default", bare],
])("the AppProject %s", (project, application) => {
  expect(projectOf(application)).toBe(project);
});
