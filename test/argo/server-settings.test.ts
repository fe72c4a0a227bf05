import { describe, expect, test } from "vitest";
import { objectsForServer, serverSettingsFrom } from "../../src/argo/installed/server-settings.js";
import type { Texts } from "../../src/kube/container/env.js";
import type { Container, PodRunner } from "../../src/kube/kinds.js";
import { serverAmong } from "../../src/survey/argo-server.js";
import { isSharedMissing, sharedArgoInstall } from "../cluster/shared.js";
import { readObjects } from "../cluster/yaml.js";

/** As the manifests tell it: each variable is a key of argocd-cmd-params-cm. */
const byConfigMap: Container = {
  env: ["insecure", "rootpath"].map((word) => ({
    name: `ARGOCD_SERVER_${word.toUpperCase()}`,
    valueFrom: { configMapKeyRef: { name: "argocd-cmd-params-cm", key: `server.${word}` } },
  })),
};

function settings(container: Container, params?: Texts) {
  const configMaps = new Map(params ? [["argocd-cmd-params-cm", params]] : []);
  const { scheme, rootPath } = serverSettingsFrom(container, { configMaps, secrets: new Map() });
  return `${scheme}:${rootPath}`;
}

test.each<[string, Container, Texts | undefined, string]>([
  ["nothing told", {}, undefined, "https:"],
  ["a ConfigMap that does not exist", byConfigMap, undefined, "https:"],
  ["a ConfigMap without these keys", byConfigMap, {}, "https:"],
  [
    "the ConfigMap",
    byConfigMap,
    { "server.insecure": "true", "server.rootpath": "/argo/cd/" },
    "http:/argo/cd",
  ],
  ["in other letters, as Argo CD takes it", byConfigMap, { "server.insecure": "TRUE" }, "http:"],
  ["what Argo CD takes for no answer", byConfigMap, { "server.insecure": "1" }, "https:"],
  ["a ConfigMap that no variable is made from", {}, { "server.insecure": "true" }, "https:"],
  ["a variable", { env: [{ name: "ARGOCD_SERVER_INSECURE", value: "true" }] }, undefined, "http:"],
  [
    "a variable of a variable",
    {
      env: [
        { name: "BASE", value: "gitops" },
        { name: "ARGOCD_SERVER_ROOTPATH", value: "/$(BASE)" },
      ],
    },
    undefined,
    "https:/gitops",
  ],
  [
    "flags",
    { command: ["argocd-server", "--insecure"], args: ["--rootpath", "argo"] },
    undefined,
    "http:/argo",
  ],
  ["flags with a sign", { args: ["--insecure=true", "--rootpath=/argo"] }, undefined, "http:/argo"],
  [
    "a flag that counts before the ConfigMap",
    { ...byConfigMap, args: ["--insecure=false"] },
    { "server.insecure": "true" },
    "https:",
  ],
  ["the last of two flags", { args: ["--insecure", "--insecure=false"] }, undefined, "https:"],
  [
    "a script",
    { command: ["sh", "-c", "exec argocd-server --insecure --rootpath /argo"] },
    undefined,
    "http:/argo",
  ],
  ["flags that begin like these", { args: ["--insecurely", "--rootpath-of", "x"] }, undefined, "https:"],
  ["what would be more than a path", { args: ["--rootpath", "/x?y="] }, undefined, "https:"],
  ["what leads elsewhere", { args: ["--rootpath", "/../x"] }, undefined, "https:"],
])("serverSettingsFrom() of %s", (_, container, params, expected) =>
  expect(settings(container, params)).toBe(expected),
);

const tags = ["v2.2.16", "v2.8.10", "v2.14.21", "v3.5.1"];
describe.skipIf(isSharedMissing(...tags.map((tag) => `argo-cd/${tag}/manifests/install.yaml`)))(
  "Argo CD's own manifests",
  () => {
    test.each(tags)("%s asks for one ConfigMap, and keeps to it", (tag) => {
      const runners = readObjects(sharedArgoInstall(tag)).filter(({ kind }) => kind === "Deployment");
      const { container } = serverAmong(runners as PodRunner[]) ?? {};
      if (!container) throw new Error("no server");
      expect(new Set(objectsForServer(container).map(({ kind, name }) => `${kind}/${name}`))).toEqual(
        new Set(["ConfigMap/argocd-cmd-params-cm"]),
      );
      expect(settings(container, {})).toBe("https:");
      expect(settings(container, { "server.insecure": "true", "server.rootpath": "/x" })).toBe("http:/x");
    });
  },
);
