import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, test } from "vitest";
import { type StandIn, startStandIn } from "./api-stand-in.js";
import { compare, flamingo, type Program, printTo } from "./measure.js";
import { gitRepository, kustomization, kustomizationStatus } from "./objects.js";
import { record, timesAsLong } from "./row.js";
import { temporary } from "./workplace.js";

const pairs = 30;
const bareNode: Program = { args: ["-e", "0"] };

const workload = { ...kustomization(0), status: kustomizationStatus(0) };
const source = gitRepository(0);
const { name, namespace } = workload.metadata;

const kubeconfig = temporary("kubeconfig");
let api: StandIn | undefined;

beforeAll(async () => {
  api = await startStandIn({
    "/apis": discovery(),
    [`/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/${name}`]: workload,
    [`/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/gitrepositories/${source.metadata.name}`]:
      source,
    "/apis/apps/v1/namespaces/argocd/statefulsets": { kind: "StatefulSetList", items: [argoController()] },
  });
  writeFileSync(kubeconfig, api.kubeconfig);
});

afterAll(() => api?.stop());

test("--version", async (context) => {
  const comparison = await compare(flamingo("--version"), bareNode, pairs);
  record(context, timesAsLong("`--version` : `node -e 0`", comparison, "≤ 1.15"));
});

test("--help", async (context) => {
  const comparison = await compare(flamingo("--help"), bareNode, pairs);
  record(context, timesAsLong("`--help` : `node -e 0`", comparison, "≤ 1.5"));
});

test("list-candidates", async (context) => {
  const comparison = await compare(flamingo("list-candidates"), bareNode, pairs);
  record(context, timesAsLong("`list-candidates` : `node -e 0`", comparison, "≤ 1.6"));
});

test("generate-app ks/NAME --export", async (context) => {
  const command = `generate-app ks/${name} -n ${namespace} --export`;
  const comparison = await compare(flamingo(command, kubeconfig), bareNode, pairs);
  api?.requests.splice(0);
  await printTo(temporary("application.yaml"), flamingo(command, kubeconfig));
  record(context, timesAsLong("`generate-app ks/NAME --export` : `node -e 0`", comparison, "≤ 4.2"), {
    what: "… requests",
    measured: String(api?.requests.length),
    goal: "≤ 5",
  });
});

function argoController() {
  const container = {
    name: "argocd-application-controller",
    image: "quay.io/argoproj/argocd:v3.1.0",
    args: ["/usr/local/bin/argocd-application-controller"],
  };
  return {
    metadata: { name: "argocd-application-controller", namespace: "argocd" },
    spec: { template: { spec: { containers: [container] } } },
  };
}

/** Aggregated discovery of about the size that a cluster with Flux and Argo CD has: 40 groups, 120 kB. */
function discovery() {
  const flux = {
    "kustomize.toolkit.fluxcd.io": ["kustomizations"],
    "source.toolkit.fluxcd.io": ["gitrepositories", "ocirepositories", "helmrepositories", "buckets"],
    "argoproj.io": ["applications", "appprojects"],
  };
  const others = Array.from({ length: 37 }, (_, group) => [
    `group-${group}.example.com`,
    Array.from({ length: 8 }, (_, plural) => `resources${plural}`),
  ]);
  const groups = { ...flux, ...Object.fromEntries(others) } as Record<string, string[]>;
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    items: Object.entries(groups).map(([group, plurals]) => ({
      metadata: { name: group },
      versions: [
        {
          version: group === "argoproj.io" ? "v1alpha1" : "v1",
          freshness: "Current",
          resources: plurals.map(resource),
        },
      ],
    })),
  };
}

function resource(plural: string) {
  const kind = plural[0]?.toUpperCase() + plural.slice(1, -1);
  return {
    resource: plural,
    responseKind: { group: "", version: "", kind },
    scope: "Namespaced",
    singularResource: plural.slice(0, -1),
    verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
    subresources: [
      {
        subresource: "status",
        responseKind: { group: "", version: "", kind },
        verbs: ["get", "patch", "update"],
      },
    ],
  };
}
