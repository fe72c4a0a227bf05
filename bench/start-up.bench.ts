import { writeFileSync } from "node:fs";
import module from "node:module";
import tls from "node:tls";
import { afterAll, beforeAll, describe, test } from "vitest";
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
const withoutCa = { "certificate-authority-data": undefined };

let api: StandIn;

beforeAll(async () => {
  api = await startStandIn({
    "/apis": discovery(),
    [`/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations/${name}`]: workload,
    [`/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/gitrepositories/${source.metadata.name}`]:
      source,
    "/apis/apps/v1/namespaces/argocd/statefulsets": { kind: "StatefulSetList", items: [argoController()] },
  });
});

afterAll(() => api.stop());

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

describe("generate-app ks/NAME --export", () => {
  // newer ones keep what they have compiled
  const goal = "enableCompileCache" in module ? "≤ 3.8" : "≤ 4.2";

  /** Through a kubeconfig whose cluster has these fields, too. */
  function exportThrough(fields: Record<string, unknown> = {}): Program {
    const kubeconfig = temporary("kubeconfig");
    writeFileSync(kubeconfig, api.kubeconfig(fields));
    return flamingo(`generate-app ks/${name} -n ${namespace} --export`, kubeconfig);
  }

  test("with a CA", async (context) => {
    const program = exportThrough();
    const comparison = await compare(program, bareNode, pairs);
    api.requests.splice(0);
    await printTo(temporary("application.yaml"), program);
    record(context, timesAsLong("`generate-app ks/NAME --export` : `node -e 0`", comparison, goal), {
      what: "… requests",
      measured: String(api.requests.length),
      goal: "≤ 5",
    });
  });

  test("with insecure-skip-tls-verify", async (context) => {
    const program = exportThrough({ ...withoutCa, "insecure-skip-tls-verify": true });
    const comparison = await compare(program, bareNode, pairs);
    record(context, timesAsLong("… with insecure-skip-tls-verify", comparison, goal));
  });

  // older ones read NODE_EXTRA_CA_CERTS and all roots before anything else, and nothing of the operating system's
  test.skipIf(!("getCACertificates" in tls))("without a CA", async (context) => {
    const NODE_EXTRA_CA_CERTS = temporary("ca.crt");
    writeFileSync(NODE_EXTRA_CA_CERTS, api.authority);
    const program = exportThrough(withoutCa);
    const trusting = { ...program, env: { ...program.env, NODE_EXTRA_CA_CERTS } };
    const comparison = await compare(trusting, bareNode, pairs);
    record(context, timesAsLong("… without a CA in the kubeconfig", comparison, "≤ 6"));
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
