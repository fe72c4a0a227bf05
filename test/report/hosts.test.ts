import { expect, test } from "vitest";
import type { LiveObject } from "../../src/kube/object.js";
import { hostsOf } from "../../src/report/hosts.js";
import { LiveIndex } from "../../src/report/live/live-index.js";
import { object } from "../builders/kube.js";

const nodeInfo = { kernelVersion: "6.1.0", operatingSystem: "linux", architecture: "arm64" };

function node(name: string, capacity: object, labels: object = {}): LiveObject {
  return object("v1", "Node", name, {
    metadata: { labels },
    status: { nodeInfo, capacity, images: [{ names: ["big"] }] },
  });
}

function pod(name: string, nodeName: string | undefined, requests: object, phase = "Running"): LiveObject {
  return object("v1", "Pod", `apps/${name}`, {
    spec: { nodeName, containers: [{ name: "web", resources: { requests } }] },
    status: { phase },
  });
}

const small = { cpu: "100m", memory: "64Mi" };
const mi = 1024 * 1024 * 1000;
const a = node("a", { cpu: "4", memory: "1Gi", pods: "110" }, { zone: "x", other: "y" });
const own = [pod("web-1", "a", small), pod("web-2", "b", small), pod("web-3", undefined, small)];
const others = [
  pod("other-1", "a", { cpu: "1.5" }),
  pod("other-2", "a", { memory: "1Ki" }),
  pod("other-3", "a", { cpu: "2" }, "Succeeded"),
  pod("other-4", "b", { cpu: "3" }),
];

test("each machine with what it has, and who asks for it", () => {
  const live = new LiveIndex([a, ...own, ...others]);
  expect(hostsOf([...own, object("v1", "Service", "apps/web")], live, ["zone"])).toEqual([
    {
      name: "a",
      systemInfo: nodeInfo,
      resourcesInfo: [
        { resourceName: "cpu", requestedByApp: 100, requestedByNeighbors: 1500, capacity: 4000 },
        {
          resourceName: "memory",
          requestedByApp: 64 * mi,
          requestedByNeighbors: 1024 * 1000,
          capacity: 1024 * mi,
        },
      ],
      labels: { zone: "x" },
    },
    // nobody may read it
    { name: "b" },
  ]);
});

test("what has ended counts for the Application, as in Argo CD, and not for others", () => {
  const ended = pod("job", "a", small, "Failed");
  const live = new LiveIndex([node("a", { cpu: "4" }), ended, ...others]);
  const cpu = { resourceName: "cpu", requestedByApp: 100, requestedByNeighbors: 1500, capacity: 4000 };
  expect(hostsOf([ended], live, [])).toEqual([{ name: "a", systemInfo: nodeInfo, resourcesInfo: [cpu] }]);
});

test("a machine that says nothing of itself", () => {
  const live = new LiveIndex([object("v1", "Node", "a"), ...own]);
  expect(hostsOf(own.slice(0, 1), live, [])).toEqual([{ name: "a" }]);
});

test("what is asked of a machine follows Pods that come, change and go", () => {
  const live = new LiveIndex(others);
  expect(live.requestedOf("a")).toEqual({ cpu: 1500, memory: 1024 * 1000 });
  live.set(pod("other-1", "a", { cpu: "1" }));
  live.set(pod("other-2", "a", { memory: "1Ki" }, "Failed"));
  live.set(pod("new", "a", small));
  expect(live.requestedOf("a")).toEqual({ cpu: 1100, memory: 64 * mi });
  live.delete("/Pod/apps/other-1");
  live.delete("/Pod/apps/new");
  live.delete("/Pod/apps/other-3");
  expect(live.requestedOf("a")).toEqual({ cpu: 0, memory: 0 });
  expect(live.requestedOf("b")).toEqual({ cpu: 3000, memory: 0 });
});
