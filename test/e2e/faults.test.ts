import { describe, expect } from "vitest";
import type { SeenRequest } from "../cluster/proxy.js";
import { e2eTest } from "./e2e.js";
import { loopback } from "./run.js";
import { proxyTo, show } from "./shown.js";

const isWatch = ({ query }: SeenRequest) => query.has("watch");

describe("Kubernetes", () => {
  e2eTest("restarts its API server, through which redis is reached, too", async ({ rig }) => {
    const shown = await show(rig, "fault-apiserver");
    const { said } = loopback(rig, "");
    await shown.untilServed();
    await rig.program("kube-apiserver").restart();
    await shown.follows();
    expect(said()).toContain("what is shown may be old until it is heard again");
  });
});

describe("the way to the API server", () => {
  e2eTest("cuts watches, which cannot go on from where they were", async ({ rig }) => {
    const shown = await show(rig, "fault-gone");
    const proxy = await proxyTo(rig);
    loopback(rig, `--redis ${rig.redis.address}`, proxy.kubeconfig());
    await shown.untilServed();
    const gone = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };
    const listed = new Set<string>();
    let refusals = 0;
    proxy.decide((request) => {
      if (!isWatch(request)) listed.add(request.path);
      if (listed.has(request.path)) return "pass";
      // some are told so by the answer, some by an event
      if (++refusals % 2 === 0) return { status: 410, body: gone };
      return { status: 200, body: `${JSON.stringify({ type: "ERROR", object: gone })}\n` };
    });
    proxy.cut();
    await shown.follows();
    expect(refusals).toBeGreaterThan(20);
  });

  e2eTest("is slow", async ({ rig }) => {
    const shown = await show(rig, "fault-slow");
    const proxy = await proxyTo(rig);
    loopback(rig, `--redis ${rig.redis.address}`, proxy.kubeconfig());
    await shown.untilServed();
    proxy.decide(() => ({ delayMs: 1000 }));
    proxy.cut();
    await shown.follows();
  });
});

describe("Argo CD", () => {
  e2eTest("restarts its controller", async ({ rig }) => {
    const shown = await show(rig, "fault-controller");
    loopback(rig);
    await shown.untilServed();
    await rig.program("argocd-application-controller").restart();
    await shown.follows();
  });
});
