import { describe, expect, test } from "vitest";
import type { LiveObject } from "../../src/kube/object.js";
import { appliedByFlux } from "../../src/report/applied-fields.js";
import { withoutSecrets } from "../../src/report/secret.js";
import { argo } from "../builders/argo.js";
import { hr } from "../builders/flux.js";
import { object } from "../builders/kube.js";
import { kustomization, reportOf } from "./objects.js";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

describe("secrets", () => {
  const marker = "hunter2-marker";
  const encoded = Buffer.from(marker).toString("base64");
  const secret = (body: object) => object("v1", "Secret", "apps/credentials", body);
  const applied = (value: unknown) => ({
    metadata: { annotations: { [lastApplied]: typeof value === "string" ? value : JSON.stringify(value) } },
  });
  const workload = kustomization(["apps_credentials__Secret"]);

  test.each<[what: string, body: object]>([
    ["data", { data: { password: encoded } }],
    ["stringData", { stringData: { password: marker } }],
    ["data that was applied", applied({ data: { password: encoded } })],
    ["stringData that was applied", applied({ stringData: { password: marker } })],
    ["fields that nobody knows", applied({ Data: { password: encoded }, extra: marker })],
    ["an annotation that is no JSON", applied(`{"data": "${encoded}`)],
    ["an annotation that is no map", applied([marker])],
    ["an annotation that Argo CD was told to hide", { metadata: { annotations: { "vault/token": marker } } }],
    [
      "such an annotation as it was applied",
      applied({ metadata: { annotations: { "vault/token": marker } } }),
    ],
    [
      "the fields that Flux owns",
      {
        metadata: {
          managedFields: [
            {
              manager: "kustomize-controller",
              operation: "Apply",
              fieldsV1: { "f:data": { "f:password": {} } },
            },
          ],
        },
        data: { password: encoded },
      },
    ],
  ])("%s never come out", (_, body) => {
    const made = reportOf([secret(body)], {
      workload,
      argo: { ...argo, sensitiveAnnotations: ["vault/token"] },
    });
    const text = JSON.stringify(made);
    expect(text).toContain("credentials");
    expect(text).not.toContain(marker);
    expect(text).not.toContain(encoded);
  });

  test.each<[what: string, body: object, hidden: object]>([
    ["nothing", {}, {}],
    ["each value alike", { data: { a: "YQ==", b: "Yg==" } }, { data: { a: "++++++++", b: "++++++++" } }],
    ["other fields not at all", { type: "Opaque", immutable: true }, { type: "Opaque", immutable: true }],
    ["an annotation that is no JSON", applied("{"), applied("++++++++")],
    [
      "a value that was applied otherwise longer",
      { data: { a: "YQ==" }, ...applied({ data: { a: "Yg==" } }) },
      {
        data: { a: "++++++++" },
        ...applied('{"apiVersion":"v1","data":{"a":"++++++++++++"},"kind":"Secret","metadata":{"name":""}}'),
      },
    ],
    [
      "a value that was applied as it is alike, however it was written",
      { data: { a: "YQ==" }, ...applied({ stringData: { a: "a" }, type: "Opaque" }) },
      {
        data: { a: "++++++++" },
        ...applied(
          '{"apiVersion":"v1","data":{"a":"++++++++"},"kind":"Secret","metadata":{"name":""},"type":"Opaque"}',
        ),
      },
    ],
  ])("withoutSecrets() hides %s", (_, body, hidden) => {
    expect(withoutSecrets(secret(body), [])).toEqual(secret(hidden));
  });

  test("withoutSecrets() leaves other kinds alone", () => {
    const settings = object("v1", "ConfigMap", "apps/x", { data: { a: "b" } });
    expect(withoutSecrets(settings, [])).toBe(settings);
  });
});

const managedBy = (manager: string, operation: string, fieldsV1: object, rest: object = {}) => ({
  manager,
  operation,
  fieldsV1,
  ...rest,
});

const service = (...managedFields: object[]): LiveObject =>
  object("v1", "Service", "apps/podinfo", {
    metadata: { labels: { app: "podinfo", team: "a" }, finalizers: ["a", "b"], managedFields },
    spec: {
      clusterIP: "10.0.0.1",
      ports: [
        { name: "http", port: 80, protocol: "TCP", targetPort: 9898 },
        { name: "grpc", port: 9999, protocol: "TCP" },
      ],
    },
  });

test.each<[what: string, object: LiveObject, target: object | undefined]>([
  ["nothing of an object without owners", service(), undefined],
  ["nothing of others", service(managedBy("kubectl", "Apply", { "f:spec": {} })), undefined],
  [
    "nothing of the status",
    service(managedBy("kustomize-controller", "Apply", { "f:spec": {} }, { subresource: "status" })),
    undefined,
  ],
  [
    "nothing of an update by kustomize-controller",
    service(managedBy("kustomize-controller", "Update", { "f:spec": {} })),
    undefined,
  ],
  [
    "fields, items of lists and of sets",
    service(
      managedBy("kustomize-controller", "Apply", {
        "f:metadata": { "f:labels": { "f:app": {} }, "f:finalizers": { 'v:"b"': {} } },
        "f:spec": {
          "f:ports": {
            'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:name": {}, "f:port": {} },
            'k:{"port":1,"protocol":"TCP"}': { ".": {} },
          },
          "f:gone": {},
        },
      }),
    ),
    {
      metadata: { name: "podinfo", namespace: "apps", labels: { app: "podinfo" }, finalizers: ["b"] },
      spec: { ports: [{ name: "http", port: 80, protocol: "TCP" }] },
    },
  ],
  [
    "fields of two managers",
    service(
      managedBy("helm-controller", "Update", { "f:metadata": { "f:labels": { "f:team": {} } } }),
      managedBy("kustomize-controller", "Apply", { "f:metadata": { "f:labels": { "f:app": {} } } }),
    ),
    { metadata: { name: "podinfo", namespace: "apps", labels: { app: "podinfo", team: "a" } } },
  ],
])("appliedByFlux() takes %s", (_, live, target) => {
  expect(appliedByFlux(live)).toEqual(target && { apiVersion: "v1", kind: "Service", ...target });
});

test("a finalizer that helm-controller keeps on its own HelmRelease is not what Flux applied", () => {
  const kept = managedBy("helm-controller", "Update", { "f:metadata": { "f:finalizers": {} } });
  const release = hr("podinfo", {}, { managedFields: [kept] });
  expect(appliedByFlux(release)).toBeUndefined();
});

const byFlux = { "kustomize.toolkit.fluxcd.io/name": "podinfo" };

test("the diff view shows objects live beside what Flux applied, without who owns which field", () => {
  const live = service(
    managedBy("kustomize-controller", "Apply", { "f:metadata": { "f:labels": { "f:app": {} } } }),
  );
  live.metadata.resourceVersion = "7";
  live.metadata.labels = { ...live.metadata.labels, ...byFlux };
  const made = reportOf([live], {
    workload: kustomization(["apps_podinfo__Service", "apps_gone_apps_Deployment"]),
  });
  expect(made.managedResources.map(({ group, kind, name }) => `${group} ${kind} ${name}`)).toEqual([
    "undefined Service podinfo",
    "apps Deployment gone",
    "kustomize.toolkit.fluxcd.io Kustomization podinfo",
    "source.toolkit.fluxcd.io GitRepository podinfo",
  ]);
  const [shown, gone] = made.managedResources;
  const state = JSON.stringify({
    ...live,
    metadata: {
      name: "podinfo",
      namespace: "apps",
      uid: "Service-podinfo",
      labels: { app: "podinfo", team: "a", ...byFlux },
      finalizers: ["a", "b"],
      resourceVersion: "7",
    },
  });
  expect(shown).toEqual({
    kind: "Service",
    namespace: "apps",
    name: "podinfo",
    targetState: JSON.stringify({
      metadata: { labels: { app: "podinfo" }, name: "podinfo", namespace: "apps" },
      apiVersion: "v1",
      kind: "Service",
    }),
    liveState: state,
    normalizedLiveState: state,
    predictedLiveState: state,
    resourceVersion: "7",
  });
  const wanted = '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"gone","namespace":"apps"}}';
  expect(gone).toEqual({
    group: "apps",
    kind: "Deployment",
    namespace: "apps",
    name: "gone",
    targetState: wanted,
    liveState: "null",
    normalizedLiveState: "null",
    predictedLiveState: wanted,
    modified: true,
  });
});
