import { describe, expect } from "vitest";
import type { TestObject } from "../cluster/crds.js";
import { e2eTest, type Rig } from "./e2e.js";
import { loopback } from "./run.js";
import { proxyTo, show } from "./shown.js";

const group = "rbac.authorization.k8s.io";

/** From now on alice may do everything, with objects of these API groups. */
async function allowAlice(rig: Rig, apiGroups: string[]): Promise<void> {
  const metadata = { name: "fault-rights" };
  const rules = apiGroups.length > 0 ? [{ apiGroups, resources: ["*"], verbs: ["*"] }] : [];
  await rig.cluster.applyAll<TestObject>([
    { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata, rules },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: group, kind: "ClusterRole", name: metadata.name },
      subjects: [{ apiGroup: group, kind: "User", name: "alice" }],
    },
  ]);
  for (const [each, resource] of [
    ["", "pods"],
    ["apps", "deployments"],
  ] as const) {
    const isAllowed = apiGroups.includes("*") || apiGroups.includes(each);
    await rig.cluster.untilAllowed("alice", { verb: "watch", group: each, resource }, isAllowed);
  }
}

describe("rights are taken away and given back", () => {
  // a watch that has begun goes on for minutes, so it is cut
  e2eTest("to a kind of live objects", async ({ rig }) => {
    const shown = await show(rig, "fault-rights-apps");
    const proxy = await proxyTo(rig);
    await allowAlice(rig, ["*"]);
    loopback(rig, `--redis ${rig.redis.address}`, proxy.kubeconfig({ user: "alice" }));
    await shown.untilServed();
    const flux = ["source", "kustomize"].map((name) => `${name}.toolkit.fluxcd.io`);
    await allowAlice(rig, ["", "argoproj.io", "coordination.k8s.io", ...flux]);
    proxy.cut();
    await expect
      .poll(async () => (await shown.state())?.conditions)
      .toEqual(["Cannot read Deployment.apps: forbidden", "Cannot read ReplicaSet.apps: forbidden"]);
    await allowAlice(rig, ["*"]);
    await shown.follows();
  });

  e2eTest("to everything", async ({ rig }) => {
    const shown = await show(rig, "fault-rights-all");
    const proxy = await proxyTo(rig);
    await allowAlice(rig, ["*"]);
    loopback(rig, `--redis ${rig.redis.address}`, proxy.kubeconfig({ user: "alice" }));
    await shown.untilServed();
    await allowAlice(rig, []);
    proxy.forget();
    proxy.cut();
    const tries = () => proxy.requests.filter(({ path }) => path.endsWith("/applications")).length;
    await expect.poll(tries).toBeGreaterThan(4);
    // nobody knows whether there is such an Application: its tree stays
    expect(await shown.nodes()).toBeDefined();
    await allowAlice(rig, ["*"]);
    await shown.follows();
  });
});
