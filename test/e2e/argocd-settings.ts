import { onTestFinished } from "vitest";
import type { Rig } from "./e2e.js";

/** Sets keys of one of Argo CD's ConfigMaps, which is as it was before when the test is over. */
export async function setData(rig: Rig, name: string, data: Record<string, string>): Promise<void> {
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "argocd" } };
  const before = (await rig.cluster.get("v1", "ConfigMap", name, "argocd"))["data"] as
    | Record<string, string>
    | undefined;
  await rig.cluster.change(map, { data });
  const old = Object.fromEntries(Object.keys(data).map((key) => [key, before?.[key] ?? null]));
  onTestFinished(async () => void (await rig.cluster.change(map, { data: old })));
}
