/** Whatever tenants may write, no reader of it may end the engine. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { objectsOfRelease, releaseSecretName } from "../../src/flux/helm-storage.js";
import { sourceChainOf } from "../../src/flux/source-chain.js";
import type { LiveObject } from "../../src/kube/object.js";
import { idOf } from "../../src/kube/object-id.js";
import { appliedByFlux } from "../../src/report/applied-fields.js";
import { healthOf } from "../../src/report/health/of-object.js";
import { Packer } from "../../src/report/live/packed.js";
import { Shared } from "../../src/report/live/shared.js";
import { slim } from "../../src/report/live/slim.js";
import { withoutSecrets } from "../../src/report/secret.js";
import { flux, hr, ks } from "../builders/flux.js";
import { live, object } from "../builders/kube.js";
import { kustomization, ready, reconciled, reportOf } from "./objects.js";

/** Names that readers look for, and names that every object of JavaScript has. */
const names = fc.constantFrom(
  ...[
    "spec",
    "status",
    "conditions",
    "type",
    "reason",
    "message",
    "metadata",
    "template",
    "containers",
    "name",
  ],
  ...["containerStatuses", "data", "stringData", "annotations", "observedGeneration", "lastTransitionTime"],
  ...["constructor", "toString", "valueOf", "__proto__", "hasOwnProperty"],
);
const texts = fc.constantFrom("Ready", "True", "constructor", "2026-11-21T09:00:00,5Z", "", "x");
const { any } = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    texts,
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(names, tie("any"), { maxKeys: 4 }),
  ),
}));
const kinds = fc.constantFrom(
  ...["v1 Pod", "v1 Secret", "v1 ConfigMap", "apps/v1 Deployment", "example.com/v1 Widget"],
  ...["apiextensions.k8s.io/v1 CustomResourceDefinition", "notification.toolkit.fluxcd.io/v1 Receiver"],
);
const objects = fc.tuple(kinds, any, any, any).map(([kind, spec, status, data]): LiveObject => {
  const [apiVersion = "", name = ""] = kind.split(" ");
  return object(apiVersion, name, "apps/x", { spec, status, data });
});

describe("any JSON", () => {
  test("can be kept, be made of shared parts, and be packed and unpacked", () => {
    const packer = new Packer();
    const shared = new Shared();
    fc.assert(
      fc.property(objects, (one) => {
        expect(slim(one).metadata.name).toBe("x");
        const copy = JSON.parse(JSON.stringify(one));
        expect(JSON.stringify(shared.share(copy))).toBe(JSON.stringify(one));
        expect(packer.unpack(packer.pack(one), idOf(one)).object).toEqual(copy);
      }),
    );
  });

  test("has a health, or none, where its kind may have any form", () =>
    fc.assert(
      fc.property(any, (status) => {
        healthOf(object("example.com/v1", "Widget", "apps/x", { status }));
      }),
    ));

  test("of a Secret is hidden", () =>
    fc.assert(
      fc.property(any, any, (applied, data) => {
        const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) };
        withoutSecrets(object("v1", "Secret", "apps/x", { metadata: { annotations }, data }), []);
      }),
    ));

  test("of field owners is read as far as it can be", () => {
    const paths = fc.constantFrom(
      "f:spec",
      "f:items",
      'k:{"name":"a"}',
      "k:{",
      'v:"a"',
      "v:",
      ".",
      "f:0",
      "k:5",
    );
    const { fields } = fc.letrec<{ fields: object }>((tie) => ({
      fields: fc.dictionary(paths, fc.oneof({ maxDepth: 4 }, fc.constant({}), tie("fields")), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(any, any, fields, (spec, items, fieldsV1) => {
        const managedFields = [{ manager: "kustomize-controller", operation: "Apply", fieldsV1 }];
        appliedByFlux(
          object("example.com/v1", "Widget", "apps/x", { metadata: { managedFields }, spec, items }),
        );
      }),
    );
  });

  test("in Helm's storage is a release, or none", () => {
    const stored = (release: unknown) => {
      const inner = gzipSync(JSON.stringify(release)).toString("base64");
      const secret = object("v1", "Secret", `apps/${releaseSecretName("web", 1)}`);
      return {
        ...secret,
        type: "helm.sh/release.v1",
        data: { release: Buffer.from(inner).toString("base64") },
      };
    };
    const manifests = fc.oneof(
      any,
      fc.string(),
      any.map((one) => JSON.stringify(one)),
    );
    fc.assert(
      fc.property(fc.oneof(any, fc.record({ manifest: manifests, namespace: any })), (release) => {
        objectsOfRelease(stored(release), () => true);
      }),
    );
    for (const manifest of ["a: [", "a: 1\na: 1\n", 5, "x".repeat(9 << 20)])
      expect(objectsOfRelease(stored({ manifest }), () => true)).toBeUndefined();
    // 100 MB in 100 kB
    expect(objectsOfRelease(stored("x".repeat(100 << 20)), () => true)).toBeUndefined();
  });
});

test.each(["2026-11-21T09:00:00,5Z", "2026-11-21T09:00:00+24:00", "2026-02-30T09:00:00Z", "soon"])(
  "the time %s is none, however long it took",
  (lastTransitionTime) => {
    for (const lastReconciledDuration of ["1s", "99999999999h", "9e99h"]) {
      const history = [{ lastReconciledDuration, firstReconciled: lastTransitionTime }];
      const conditions = [{ ...ready, lastTransitionTime }];
      const workload = kustomization([], { status: { conditions, history } });
      const { status } = reportOf([], { workload });
      expect(JSON.stringify(status)).not.toContain(lastTransitionTime);
    }
  },
);

test("a duration of centuries says nothing of when it began", () => {
  const history = [{ lastReconciledDuration: "2000000h", firstReconciled: ready.lastTransitionTime }];
  const { operationState } = reportOf([], { workload: kustomization([], { status: { history } }) }).status;
  expect(operationState?.startedAt).toBe(operationState?.finishedAt);
});

test("a chain of thousands of sources has an end", () => {
  const sources = Array.from({ length: 8000 }, (_, index) =>
    live(
      flux("ExternalArtifact", `a${index}`, {
        sourceRef: { kind: "ExternalArtifact", name: `a${index + 1}` },
      }),
    ),
  );
  const workload = ks("x", { sourceRef: { kind: "ExternalArtifact", name: "a0" } });
  expect(sourceChainOf(workload, sources).links.map(({ object }) => object.metadata.name)).toEqual(
    sources.map(({ metadata }) => metadata.name).reverse(),
  );
});

test("generators that name each other, each all of them, are followed for so long", () => {
  const count = 200;
  const sources = Array.from({ length: count }, (_, index) => [
    live(
      flux("ExternalArtifact", `a${index}`, { sourceRef: { kind: "ArtifactGenerator", name: `g${index}` } }),
    ),
    live(
      flux("ArtifactGenerator", `g${index}`, {
        sources: Array.from({ length: count }, (_, other) => ({
          kind: "ExternalArtifact",
          name: `a${other}`,
        })),
      }),
    ),
  ]).flat();
  const workload = ks("x", { sourceRef: { kind: "ExternalArtifact", name: "a0" } });
  const { links, content } = sourceChainOf(workload, sources);
  expect(content?.metadata.name).toBe("a0");
  const references = links.reduce((sum, { parents }) => sum + parents.length, 0);
  expect(references).toBeGreaterThan(9000);
  expect(references).toBeLessThan(11_000);
});

test("a condition or a phase is called like what every object has", () => {
  const conditions = [{ type: "constructor", status: "True", reason: "x" }];
  const scaler = object("autoscaling/v2", "HorizontalPodAutoscaler", "apps/x", { status: { conditions } });
  expect(healthOf(scaler)).toMatchObject({ status: "Progressing" });
  expect(healthOf(reconciled(hr("x"), { conditions }))).toMatchObject({ status: "Progressing" });
  const claim = object("v1", "PersistentVolumeClaim", "apps/x", { status: { phase: "constructor" } });
  expect(healthOf(claim)).toEqual({ status: "Unknown" });
});
