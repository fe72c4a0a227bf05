import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { e2eTest } from "../e2e.js";
import { receiveNotifications, subscriptions } from "../notifications.js";
import { loopback, run } from "../run.js";
import { flux } from "../workloads.js";

const count = 200;
const names = Array.from({ length: count }, (_, index) => `one-${index}`);

e2eTest("two hundred new workloads are told of once each", async ({ rig }) => {
  const files = { "app/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: config }\n" };
  const { namespace, kustomization } = await flux(rig, "scene-crowd", files);
  const { spec } = kustomization as { spec?: object };
  const sent = await receiveNotifications(rig);
  loopback(rig);
  await Promise.all(
    names.map((name) =>
      rig.cluster.apply({
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name, namespace },
        spec: { ...spec, namePrefix: `${name}-` },
      }),
    ),
  );
  const annotations = Object.keys(subscriptions).map((key) => `--annotation ${key}=`);
  const made = await run(rig, `generate-app --all -n ${namespace} ${annotations.join(" ")}`);
  expect(made.exitCode).toBe(0);
  const told = () => names.map((name) => sent.of(`${namespace}-${name}-ks`).sort());
  const once = names.map(() => ["on-deployed", "on-sync-succeeded"]);
  await expect.poll(told, { timeout: 240_000 }).toEqual(once);
  await sleep(5000);
  expect(told()).toEqual(once);
});
