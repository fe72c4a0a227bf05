import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { TestObject } from "../cluster/crds.js";
import { readObjects } from "../cluster/yaml.js";
import type { Rig } from "./e2e.js";
import { type Loopback, loopback } from "./run.js";

const page = readFileSync(new URL("../../docs/loopback.md", import.meta.url), "utf8");

/** The blocks of code in docs/loopback.md, so that what people copy from there is tried. */
export function documented(language: "csv" | "yaml"): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, code = ""]) => code,
  );
}

/** Starts `flamingo loopback` with the rights that the page says it needs, and no others. */
export async function loopbackAsDocumented(rig: Rig, more?: string): Promise<Loopback> {
  return loopback(rig, more, await documentedRights(rig));
}

const group = "rbac.authorization.k8s.io";

/** A kubeconfig. */
async function documentedRights(rig: Rig): Promise<string> {
  const user = "flamingo-loopback";
  const roles = readObjects(documented("yaml").join("\n---\n")).filter(({ kind }) => kind.endsWith("Role"));
  expect(roles.map(({ kind }) => kind)).toEqual(["ClusterRole", "Role"]);
  const bindings = roles.map(
    ({ apiVersion, kind, metadata }): TestObject => ({
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name: metadata.name },
      subjects: [{ apiGroup: group, kind: "User", name: user }],
    }),
  );
  await rig.cluster.applyAll([...roles, ...bindings]);
  await rig.cluster.untilAllowed(user, { verb: "list", resource: "pods" });
  const leases = { group: "coordination.k8s.io", resource: "leases", namespace: "argocd" };
  await rig.cluster.untilAllowed(user, { verb: "create", ...leases });
  return rig.cluster.kubeconfig({ certificate: { user } });
}
