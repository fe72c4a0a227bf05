import { expect, onTestFinished } from "vitest";
import { application } from "../builders/argo.js";
import { loopbackAsDocumented } from "./documented.js";
import { e2eTest, type Rig } from "./e2e.js";
import { run, served } from "./run.js";
import { deployment, flux } from "./workloads.js";

const requestedBy = "event.toolkit.fluxcd.io/requestedBy";
const kustomize = "kustomize.toolkit.fluxcd.io/v1";

/** Judged Degraded in the end: what it is to scale is not there. */
const autoscaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: lost
spec:
  maxReplicas: 2
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: lost }
`;

const inStep = { status: { sync: { status: "Synced" }, health: { status: "Healthy" } } };

/** "Normal ResourceUpdated Updated sync status: …" of what the Events tab of an Application shows, but for the server's own. */
async function eventsTab(rig: Rig, name: string): Promise<string[]> {
  const { body } = await rig.argocd().request("GET", `/api/v1/applications/${name}/events`);
  const { items } = body as { items: { type: string; reason: string; message: string }[] | null };
  return (items ?? [])
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`)
    .filter((line) => !line.includes(" OperationStarted "));
}

e2eTest("the Events tab tells what becomes of an Application, as natively", async ({ rig }) => {
  const name = "events-tab";
  const native = `${name}-native`;
  const { namespace, commit, push, source } = await flux(rig, name);
  const { url } = source["spec"] as { url: string };
  await rig.createNamespace(native);
  await loopbackAsDocumented(rig);
  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
  const nativeApplication = await rig.cluster.apply(
    application(native, {
      source: { repoURL: url, path: "app", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: native },
      syncPolicy: { automated: {}, retry: { limit: 0 } },
    }),
  );
  onTestFinished(() => rig.cluster.delete("argoproj.io/v1alpha1", "Application", native, "argocd"));
  for (const each of [name, native]) await expect.poll(() => served(rig, each)).toMatchObject(inStep);

  const bad = await push({ "app/deployment.yaml": deployment("web", "-1") });
  const look = async () => {
    const annotations = { "argocd.argoproj.io/refresh": "normal" };
    await rig.cluster.change(nativeApplication, { metadata: { annotations } });
    await rig.reconcile(source);
  };
  await look();
  const failed = { status: { operationState: { phase: "Failed", syncResult: { revision: bad } } } };
  for (const each of [name, native]) await expect.poll(() => served(rig, each)).toMatchObject(failed);
  await push({ "app/deployment.yaml": deployment("web") });
  await look();
  for (const each of [name, native]) await expect.poll(() => served(rig, each)).toMatchObject(inStep);
  await push({ "app/autoscaler.yaml": autoscaler });
  await look();

  for (const each of [name, native]) {
    const cause = `\\(Caused by autoscaling/HorizontalPodAutoscaler:${each}/lost\\)`;
    await expect
      .poll(() => eventsTab(rig, each))
      .toEqual(
        expect.arrayContaining([
          `Normal OperationCompleted Sync operation to ${commit} succeeded`,
          expect.stringMatching(/^Normal ResourceUpdated Updated health status: \w* -> Healthy$/),
          "Normal ResourceUpdated Updated sync status: Synced -> OutOfSync",
          expect.stringContaining(`Warning OperationCompleted Sync operation to ${bad} failed: `),
          "Normal ResourceUpdated Updated sync status: OutOfSync -> Synced",
          expect.stringMatching(`^Normal ResourceUpdated Updated health status: \\w+ -> Degraded ${cause}$`),
        ]),
      );
  }
  expect(await eventsTab(rig, name)).toContain(
    `Normal ResourceUpdated Updated health status: Healthy -> Degraded (Caused by kustomize.toolkit.fluxcd.io/Kustomization:${namespace}/web)`,
  );
});

e2eTest("Flux's events name who pressed Sync, until it ends", async ({ rig }) => {
  const name = "events-sync";
  const { namespace, push, source } = await flux(rig, name);
  const workload = { kind: "Kustomization", namespace, name: "web" };
  await loopbackAsDocumented(rig);
  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
  await expect.poll(() => served(rig, name)).toMatchObject(inStep);

  const pressed = await push({ "app/deployment.yaml": deployment("web", 2) });
  const operation = { sync: {}, initiatedBy: { username: "jane" } };
  await rig.cluster.change(application(name), { operation });
  const succeeded = { status: { operationState: { phase: "Succeeded", syncResult: { revision: pressed } } } };
  await expect.poll(() => served(rig, name)).toMatchObject(succeeded);
  expect((await served(rig, name))?.operation).toBeUndefined();
  const { metadata } = await rig.cluster.get(kustomize, "Kustomization", "web", namespace);
  expect(metadata["annotations"]).not.toHaveProperty(requestedBy);

  const later = await push({ "app/deployment.yaml": deployment("web", 3) });
  await rig.reconcile(source);
  const namedFor = (commit: string) =>
    rig
      .fluxEventsOf(workload)
      .filter(({ metadata = {} }) => JSON.stringify(metadata).includes(commit))
      .map(({ reason, metadata = {} }) => `${reason} ${metadata[requestedBy]}`);
  await expect.poll(() => namedFor(later)).toContain("ReconciliationSucceeded undefined");
  expect(namedFor(later).filter((line) => !line.endsWith(" undefined"))).toEqual([]);
  // also of what the new artifact set going, before the workload was asked
  expect(namedFor(pressed)).toContain("Progressing jane");
  expect(namedFor(pressed)).toContain("ReconciliationSucceeded jane");
  expect(namedFor(pressed).filter((line) => !line.endsWith(" jane"))).toEqual([]);
});
