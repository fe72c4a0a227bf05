import { expect, test } from "vitest";
import { appRecordFrom } from "../../../src/commands/check/applications.js";
import { settingFindings, type ToldArgo } from "../../../src/commands/check/setting-findings.js";
import type { ConfigMap } from "../../../src/kube/kinds.js";
import { application, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";

const config = (data: Record<string, string>): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "argocd-cm", namespace: "argocd" },
  data,
});
const impersonating = config({ "application.sync.impersonation.enabled": "true" });
const own = config({ "cluster.inClusterEnabled": "false" });
const admitting = (patterns: string) => config({ "application.namespaces": patterns });

const web = (namespace = "argocd") => generated(ks("web"), { name: "web", namespace });

function found(told: Partial<ToldArgo>, ...apps: Parameters<typeof appRecordFrom>[0][]): string[] {
  const argo: ToldArgo = {
    namespace: "argocd",
    version: "3.6.1",
    config: undefined,
    params: undefined,
    ...told,
  };
  return settingFindings(apps.map(appRecordFrom), argo).map(
    ({ id, object }) => `${id} ${object?.kind} ${object?.namespace}/${object?.name}`,
  );
}

test.each<[string, Partial<ToldArgo>, Parameters<typeof appRecordFrom>[0][], string[]]>([
  ["all is as it should be", {}, [web()], []],
  [
    "an Application in another namespace",
    {},
    [web("team")],
    ["application-not-admitted Application team/web"],
  ],
  ["… that is admitted", { params: admitting("shop, te*") }, [web("team")], []],
  ["… where nobody may know", { params: "unread" }, [web("team")], []],
  ["… that is none of Flux", {}, [application("native", { namespace: "team" })], []],
  ["no own cluster", { config: own }, [web()], ["own-cluster-disabled ConfigMap argocd/argocd-cm"]],
  ["no own cluster, and nothing of it shown", { config: own }, [application("native")], []],
  ["an own cluster", { config: config({ "cluster.inClusterEnabled": "true" }) }, [web()], []],
  ["impersonation", { config: impersonating }, [web()], ["impersonation ConfigMap argocd/argocd-cm"]],
  ["impersonation of an older Argo CD", { config: impersonating, version: "3.4.2" }, [web()], []],
  ["impersonation without Applications of Flux", { config: impersonating }, [application("native")], []],
])("%s", (_, told, apps, expected) => expect(found(told, ...apps)).toEqual(expected));
