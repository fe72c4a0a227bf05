import { expect, test } from "vitest";
import type { Application } from "../../src/argo/application.js";
import { contentOf, objectionTo } from "../../src/argo/existing.js";
import { application as made } from "../report/objects.js";

const here = "https://kubernetes.default.svc";
const leaf = "https://10.0.0.1:6443";
const podinfo = { kind: "Kustomization", namespace: "apps", name: "podinfo" } as const;

/** One that does not say in which namespace its workload is but by its destination. */
const { "flamingo/destination-namespace": _, ...labels } = made.metadata.labels;
const application = { ...made, metadata: { ...made.metadata, labels, annotations: {} } };

const to = (destination: NonNullable<Application["spec"]>["destination"]): Application => ({
  ...application,
  spec: { ...application.spec, ...(destination ? { destination } : {}) },
});
const labelled = (labels: Record<string, string>): Application => ({
  ...application,
  metadata: { ...application.metadata, labels },
});
const managed = { "app.kubernetes.io/managed-by": "flamingo" };
const { spec: __, ...bare } = application;

test.each<[string, Application, string, string | undefined]>([
  ["the same", application, here, undefined],
  ["the same by the name of its cluster", to({ name: "in-cluster", namespace: "apps" }), here, undefined],
  ["the same without labels", labelled(managed), here, undefined],
  ["a foreign one", labelled({}), here, "flamingo did not make it"],
  [
    "another name",
    labelled({ ...managed, "flamingo/workload-name": "web" }),
    here,
    "it shows Kustomization web in apps",
  ],
  [
    "another kind",
    labelled({ ...managed, "flamingo/workload-type": "HelmRelease" }),
    here,
    "it shows HelmRelease podinfo in apps",
  ],
  [
    "another namespace",
    to({ server: here, namespace: "web" }),
    here,
    "it shows Kustomization podinfo in web",
  ],
  ["no namespace", to({ server: here }), here, "it shows Kustomization podinfo"],
  [
    "Argo CD's own cluster",
    application,
    leaf,
    "it shows Kustomization podinfo on the cluster https://kubernetes.default.svc",
  ],
  [
    "another cluster",
    to({ name: "leaf", namespace: "apps" }),
    here,
    "it shows Kustomization podinfo on the cluster leaf",
  ],
  ["no cluster", to({ namespace: "apps" }), here, "it does not say which cluster it is for"],
  ["nothing", bare, here, "it shows Kustomization podinfo"],
])("what an Application that shows %s has against being overwritten", (_, existing, server, objection) => {
  expect(objectionTo(existing, podinfo, server)).toBe(objection);
});

test.each<[string, Application, ReturnType<typeof contentOf>]>([
  [
    "without status and operation",
    { ...application, status: { reconciledAt: "2026-11-21T10:00:00Z" }, operation: {} },
    {
      metadata: { labels: application.metadata.labels, annotations: {} },
      spec: application.spec,
    },
  ],
  [
    "of one without spec",
    { ...bare, metadata: { name: "a", finalizers: ["x"] } },
    { metadata: { finalizers: ["x"] } },
  ],
])("what people write, %s", (_, whole, content) => {
  expect(contentOf(whole)).toEqual(content);
});
