import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect } from "vitest";
import { ks } from "../../builders/flux.js";
import { ownClusterTest } from "../../cluster/cluster.js";
import type { TestObject } from "../../cluster/crds.js";
import { golden } from "../../golden.js";
import { installArgo, installFlux, run, stock } from "../check/scene.js";
import { configMap, operatorCrds, plain, ready, shop } from "../tree/scene.js";

const shopTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, stock);
  await cluster.installCrds(operatorCrds);
  await shop(cluster, { custom: true });
  await cluster.apply({
    ...plain("v1", "ConfigMap", "argocd/argocd-cm"),
    data: { url: "https://argo.example/" },
  });
});

const schema = JSON.parse(readFileSync("schemas/trace.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(schema);

const traced = [
  "Applied by:   Kustomization web in shop (by labels and inventory)",
  "Source:       GitRepository src in shop, https://git.example/r",
  "Revision:     main@sha1:0123456",
  "Reconciled:   2026-01-01T00:00:00Z",
  "Ready:        True, Applied revision: main@sha1:0123456",
  "Application:  web in argocd, https://argo.example/applications/argocd/web",
];

shopTest("from a Pod up to the workload, the commit and Argo CD's page", async ({ cluster }) => {
  expect(await run(cluster, "trace pod/web-1-a -n shop")).toEqual({
    exitCode: 0,
    stdout: [
      "Object:       Pod web-1-a in shop",
      "Owned by:     ReplicaSet web-1 in shop",
      "Owned by:     Deployment web in shop",
      ...traced,
      "",
    ].join("\n"),
    stderr: "",
  });
});

shopTest.for([
  ["svc/web -n shop", ["Service web in shop"]],
  ["endpointslice/web-x -n shop", ["EndpointSlice web-x in shop", "Service web in shop"]],
  ["deployments.v1.apps/web -n shop", ["Deployment web in shop"]],
  [
    "pvc/data-main-0 -n shop",
    ["PersistentVolumeClaim data-main-0 in shop", "StatefulSet main in shop", "Database main in shop"],
  ],
  ["secret/main-1 -n shop", ["Secret main-1 in shop", "Backup main-1 in shop", "Database main in shop"]],
  ["cm/tenant -n elsewhere", ["ConfigMap tenant in elsewhere", "Tenant shop"]],
  ["clusterrole/shop-reader", ["ClusterRole shop-reader"]],
  ["dbs/main -n shop", ["Database main in shop"]],
] as const)("trace %s", async ([line, lineage], { cluster }) => {
  const [object, ...owners] = lineage;
  const { exitCode, stdout } = await run(cluster, `trace ${line}`);
  expect({ exitCode, lines: stdout.trimEnd().split("\n") }).toEqual({
    exitCode: 0,
    lines: [`Object:       ${object}`, ...owners.map((owner) => `Owned by:     ${owner}`), ...traced],
  });
});

shopTest("what lacks Flux's labels is found by the inventory, and said", async ({ cluster }) => {
  const { exitCode, stdout, stderr } = await run(cluster, "trace cm/more-settings -n shop");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr:
      "⚠ ConfigMap more-settings in shop has none of Flux's labels, and is in the inventory of Kustomization web in shop\n",
  });
  expect(stdout).toContain("Applied by:   Kustomization web in shop (by inventory)\n");
});

shopTest("labels that the inventory does not bear out are said", async ({ cluster }) => {
  const labels = {
    "kustomize.toolkit.fluxcd.io/name": "web",
    "kustomize.toolkit.fluxcd.io/namespace": "shop",
  };
  const copied = configMap("shop/copied");
  await cluster.apply({ ...copied, metadata: { ...copied.metadata, labels } });
  const { exitCode, stdout, stderr } = await run(cluster, "trace cm/copied -n shop");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr:
      "⚠ The labels of ConfigMap copied in shop name Kustomization web in shop, whose inventory does not have it\n",
  });
  expect(stdout).toContain("Applied by:   Kustomization web in shop (by labels)\n");
});

shopTest("what is not Flux's is told with who manages it", async ({ cluster }) => {
  const annotations = { "meta.helm.sh/release-name": "blog", "meta.helm.sh/release-namespace": "web" };
  const foreign = configMap("shop/foreign");
  await cluster.apply({ ...foreign, metadata: { ...foreign.metadata, annotations } });
  const { exitCode, stdout, stderr } = await run(cluster, "trace configmap/foreign -n shop");
  const unstamped = (text: string) => text.replace(/\d{4}-[^)]*Z/g, "TIME");
  expect({ exitCode, stdout: unstamped(stdout), stderr: unstamped(stderr) }).toEqual({
    exitCode: 4,
    stdout:
      "Object:      ConfigMap foreign in shop\nManaged by:  the Helm release blog in web, test (TIME)\n",
    stderr:
      "✗ ConfigMap foreign in shop is not Flux's: it is managed by the Helm release blog in web, test (TIME)\n" +
      "  hint: See who wrote what: kubectl get configmap/foreign -n shop --show-managed-fields -o yaml\n",
  });
});

shopTest("-o json is the record of the schema", async ({ cluster }) => {
  const { exitCode, stdout } = await run(cluster, "trace pod/web-1-a -n shop -o json");
  expect(validate(JSON.parse(stdout)) || validate.errors).toBe(true);
  const unstamped = stdout.replace(/"time": "[^"]*"/g, '"time": "TIME"');
  expect({ exitCode, stdout: unstamped }).toEqual({
    exitCode: 0,
    stdout: golden("trace/pod.golden.json", unstamped),
  });
});

shopTest.for([
  ["trace pod", 2, '✗ "pod" is not KIND/NAME\n  hint: Write KIND/NAME, such as deploy/podinfo\n'],
  ["trace pod/..", 2, '✗ ".." is no name of an object\n  hint: Write KIND/NAME, such as deploy/podinfo\n'],
  [
    "trace deploi/web",
    6,
    "✗ Cannot trace deploi/web: the cluster serves no kind deploi\n  hint: Did you mean deploy/web?\n",
  ],
  ["trace deploy/web", 5, "✗ Deployment web not found in flux-system; it is in shop\n  hint: Add -n shop\n"],
  [
    "trace deploy/wab -n shop",
    5,
    "✗ Deployment wab not found in shop\n  hint: Did you mean deployment.apps/web?\n",
  ],
  ["trace tenant/shap", 5, "✗ Tenant shap not found\n  hint: Did you mean tenant.db.example/shop?\n"],
] as const)("%s", async ([line, exitCode, stderr], { cluster }) => {
  expect(await run(cluster, line)).toEqual({ exitCode, stdout: "", stderr });
});

shopTest("labels that name a workload which does not exist are said", async ({ cluster }) => {
  const labels = {
    "helm.toolkit.fluxcd.io/name": "removed",
    "helm.toolkit.fluxcd.io/namespace": "shop",
  };
  const orphan = configMap("shop/orphan");
  await cluster.apply({ ...orphan, metadata: { ...orphan.metadata, labels } });
  const { exitCode, stderr } = await run(cluster, "trace cm/orphan -n shop");
  expect({ exitCode, first: stderr.split("\n")[0] }).toEqual({
    exitCode: 4,
    first:
      "⚠ The labels of ConfigMap orphan in shop say that HelmRelease removed in shop applied it, which does not exist",
  });
});

shopTest("the inventory counts where the labels name another workload", async ({ cluster }) => {
  await cluster.apply({
    ...ks("shop/other"),
    status: {
      observedGeneration: 1,
      conditions: [ready],
      inventory: { entries: [{ id: "shop_moved__ConfigMap", v: "v1" }] },
    },
  });
  const labels = {
    "kustomize.toolkit.fluxcd.io/name": "web",
    "kustomize.toolkit.fluxcd.io/namespace": "shop",
  };
  const moved = configMap("shop/moved");
  await cluster.apply({ ...moved, metadata: { ...moved.metadata, labels } });
  const { exitCode, stdout, stderr } = await run(cluster, "trace cm/moved -n shop");
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr:
      "⚠ The labels of ConfigMap moved in shop name Kustomization web in shop, and the inventory of Kustomization other in shop has it\n",
  });
  expect(stdout).toContain("Applied by:   Kustomization other in shop (by inventory)\n");
  expect(stdout).toContain("Application:  none\n");
});

shopTest("an owner that is gone is said", async ({ cluster }) => {
  const gone = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "gone", uid: "1" };
  const left = configMap("shop/left");
  await cluster.apply({
    ...left,
    metadata: { ...left.metadata, ownerReferences: [gone] } as TestObject["metadata"],
  });
  const { exitCode, stdout } = await run(cluster, "trace cm/left -n shop");
  expect(exitCode).toBe(4);
  expect(stdout).toContain("Owned by:    ReplicaSet gone in shop (gone, or it may not be read)\n");
});

shopTest("without the right to read the object that is said", async ({ cluster }) => {
  const { exitCode, stdout, stderr } = await run(cluster, "trace pod/web-1-a -n shop", "carol");
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/^✗ Cannot read Pod web-1-a in shop: .*forbidden.*\n {2}hint: .*\n$/);
});
