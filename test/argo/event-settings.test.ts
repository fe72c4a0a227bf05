import { expect, test } from "vitest";
import type { AppProject } from "../../src/argo/app-project.js";
import { eventLabelsOf, writesEvents } from "../../src/argo/event-settings.js";
import { argoSettingsFrom } from "../../src/argo/settings.js";
import type { Container } from "../../src/kube/kinds.js";
import { application } from "../builders/argo.js";

const web = application("web", {}, { labels: { team: "shop", env: "prod", "example.com/cost": "7" } });
const project = {
  metadata: { name: "default", labels: { team: "all", region: "eu" } },
} as unknown as AppProject;

test.each<[included: string, excluded: string, labels: object]>([
  ["", "", {}],
  ["team,region", "", { team: "shop", region: "eu" }],
  ["env, example.com/*", "", { env: "prod", "example.com/cost": "7" }],
  ["*", "e*", { team: "shop", region: "eu" }],
  ["", "*", {}],
])("labels of Events with %j but %j", (included, excluded, labels) => {
  const settings = argoSettingsFrom(
    "argocd",
    { "resource.includeEventLabelKeys": included, "resource.excludeEventLabelKeys": excluded },
    undefined,
  );
  expect(eventLabelsOf(web, project, settings)).toEqual(labels);
});

const variable = (value: string): Container => ({ env: [{ name: "ARGOCD_ENABLE_K8S_EVENT", value }] });
const flags = (...args: string[]): Container => ({ args: ["argocd-application-controller", ...args] });

test.each<[string, Container | undefined, boolean]>([
  ["nothing", flags(), true],
  ["nothing, and cannot be seen", undefined, true],
  ["an empty variable", variable(""), true],
  ["all", flags("--enable-k8s-event=all"), true],
  ["none", flags("--enable-k8s-event", "none"), false],
  ["none by the variable", variable("none"), false],
  ["some", variable("StatusRefreshed, ResourceUpdated"), true],
  ["others", flags("--enable-k8s-event=StatusRefreshed,OperationCompleted"), false],
  ["others, then this one", flags("--enable-k8s-event=A", "--enable-k8s-event=ResourceUpdated"), true],
  ["none before all", flags("--enable-k8s-event=none,all"), false],
  ["the flag against the variable", { ...flags("--enable-k8s-event=all"), ...variable("none") }, true],
])("a controller that is told %s writes of updates: %s", (_, controller, is) =>
  expect(writesEvents("ResourceUpdated", controller)).toBe(is),
);
