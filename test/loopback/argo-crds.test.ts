import { describe, expect } from "vitest";
import { Application, type ApplicationStatus } from "../../src/argo/application.js";
import { statusPatch } from "../../src/argo/status-patch.js";
import { object } from "../builders/kube.js";
import { isSharedMissing, ownClusterTest, sharedArgoCrds } from "../cluster/cluster.js";
import { kubeFor } from "../kube/kube-for.js";
import { application, kustomization, reportOf, revision } from "../report/objects.js";

/** Without what the CRD of Argo CD 2.8 does not have. */
function asOld(status: ApplicationStatus): ApplicationStatus {
  const { lastTransitionTime: _, ...health } = status.health ?? {};
  const history = (status.history ?? []).map(({ initiatedBy: _, ...entry }) => entry);
  return { ...status, health, history };
}

const tags = ["v2.8.0", "v3.5.1"] as const;

describe.skipIf(isSharedMissing(...tags.map((tag) => `argo-cd/${tag}`))).each(tags)(
  "the CRD of Argo CD %s",
  (tag) => {
    const clusterTest = ownClusterTest(async (cluster) => {
      await cluster.installCrds(sharedArgoCrds(tag, ["application", "appproject"]));
      await cluster.createNamespace("argocd");
    });

    clusterTest("takes and keeps all of a status", async ({ cluster }) => {
      const history = [
        {
          firstReconciled: "2026-11-21T08:00:00Z",
          lastReconciledStatus: "ReconciliationSucceeded",
          metadata: { revision },
        },
      ];
      const workload = kustomization(
        ["apps_podinfo__Service", "_web__Namespace", "apps_gone_apps_Deployment"],
        {
          status: { history },
        },
      );
      const annotations = { "link.argocd.argoproj.io/x": "https://example.com" };
      const service = object("v1", "Service", "apps/podinfo", { metadata: { annotations } });
      const pod = object("v1", "Pod", "apps/podinfo", { spec: { containers: [{ image: "podinfo:6" }] } });
      pod.metadata.ownerReferences = [
        { apiVersion: "v1", kind: "Service", name: "podinfo", uid: service.metadata.uid ?? "" },
      ];
      const { status } = reportOf([service, pod], { workload, sources: [] });
      for (const part of Object.values(status)) expect(part).not.toEqual([]);
      const { metadata } = await cluster.apply<Application>(application);
      // as the engine writes it: other ways refuse what the CRD does not have
      const kept = await kubeFor(cluster).mergePatch(
        Application,
        metadata,
        { status },
        { fieldManager: "test" },
      );
      expect(status.history).toHaveLength(1);
      expect(kept.status).toEqual(tag === "v2.8.0" ? asOld(status) : status);
      // what the CRD has dropped is not written again and again
      const again = reportOf([service, pod], {
        application: { ...application, ...kept },
        workload,
        sources: [],
      });
      expect(statusPatch(kept.status, again.status)).toBeUndefined();
    });
  },
);
