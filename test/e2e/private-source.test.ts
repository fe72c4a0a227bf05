import { expect, onTestFinished } from "vitest";
import type { TestObject } from "../cluster/crds.js";
import { e2eTest } from "./e2e.js";
import { findings, loopback, run, served } from "./run.js";
import { deployment, flux } from "./workloads.js";

e2eTest("of a private repository Argo CD knows nothing until it is given it", async ({ rig }) => {
  const name = "private-source";
  const login = "reader:s3cret-of-readers";
  const workload = await flux(rig, name, undefined, {}, login);
  const argocd = rig.argocd();
  const metadata = (commit: string) =>
    argocd.request(
      "GET",
      `/api/v1/applications/${name}/revisions/${commit}/metadata?sourceIndex=0&versionId=0`,
    );
  const sync = () => argocd.request("POST", `/api/v1/applications/${name}/sync`, {});
  await run(rig, `generate-app ks/web -n ${name} --app-name ${name}`);
  loopback(rig);
  await expect
    .poll(() => served(rig, name))
    .toMatchObject({ status: { sync: { status: "Synced", revision: workload.commit } } });

  expect(await findings(rig, "source-private", name)).toEqual([
    expect.objectContaining({ why: expect.stringContaining("Argo CD has no repository http://127.0.0.1:") }),
  ]);
  for (const answer of [await metadata(workload.commit), await sync()]) {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).toMatchObject({ message: expect.stringMatching(/authenticat/) });
  }
  // which need nothing of Argo CD
  const next = await workload.push({ "app/deployment.yaml": deployment("web", 2) });
  expect(await run(rig, `reconcile ${name} --with-source --timeout 60s`)).toMatchObject({ exitCode: 0 });
  await expect
    .poll(() => served(rig, name))
    .toMatchObject({ status: { sync: { status: "Synced", revision: next } } });

  const [username, password] = login.split(":");
  const { url } = workload.source["spec"] as { url: string };
  await rig.cluster.apply<TestObject>({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": "repository" } },
    stringData: { type: "git", url, username, password },
  });
  onTestFinished(() => rig.cluster.delete("v1", "Secret", name, "argocd"));
  await expect.poll(() => metadata(next)).toMatchObject({ status: 200, body: { message: "Change" } });
  expect(await findings(rig, "source-private", name)).toEqual([]);
  expect(await sync()).toMatchObject({ status: 200 });
  await expect
    .poll(() => served(rig, name))
    .toMatchObject({ status: { operationState: { phase: "Succeeded" } } });
});
