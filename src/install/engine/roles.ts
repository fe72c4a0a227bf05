import type { KubeObject } from "../../kube/object.js";
import { engineRights, type Occasion, type PolicyRule, type Right, rulesFor } from "../../loopback/rights.js";
import { clusterWideName, engineName, metadataOf } from "./names.js";
import type { EngineWish } from "./wish.js";

const group = "rbac.authorization.k8s.io";

interface RbacObject extends KubeObject {
  rules?: readonly PolicyRule[];
  roleRef?: { apiGroup: string; kind: string; name: string };
  subjects?: readonly { kind: string; name: string; namespace: string }[];
}

interface ServiceAccount extends KubeObject {
  automountServiceAccountToken: boolean;
}

/**
 * The ServiceAccount of the engine and what it may do: what it needs everywhere in a ClusterRole, the rest in Roles. Namespaces
 * that are only known by patterns have none: what they need is in the ClusterRole, too.
 */
export function roleObjects(wish: EngineWish): KubeObject[] {
  const { namespace, appNamespaces } = wish;
  const rights = engineRights(wish.settings, wish.shards);
  const occasions = occasionsOf(wish);
  const rules = (where: Right["where"]) => rulesFor(rights, where, occasions);
  const ofApplications = rules("applications");
  // what is created and deleted is beside Argo CD
  const elsewhere = rulesFor(rights, "applications", new Set());
  const others = appNamespaces.filter((name) => name !== namespace);
  const hasPattern = others.some(isPattern);
  const everywhere = [...rules("cluster"), ...(hasPattern ? elsewhere : [])];
  const account: ServiceAccount = {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(engineName, namespace),
    // its Pods ask for it themselves
    automountServiceAccountToken: false,
  };
  return [
    account,
    ...roleWithBinding(namespace, { name: clusterWideName(namespace), rules: everywhere }),
    ...roleWithBinding(namespace, {
      name: engineName,
      in: namespace,
      rules: [...ofApplications, ...rules("argocd")],
    }),
    ...(hasPattern ? [] : others).flatMap((other) =>
      roleWithBinding(namespace, { name: clusterWideName(namespace), in: other, rules: elsewhere }),
    ),
  ];
}

function occasionsOf({ auto, cascade, helmStorage }: EngineWish): ReadonlySet<Occasion> {
  const wanted = new Set<Occasion>();
  if (auto) wanted.add("auto");
  if (cascade) wanted.add("cascade");
  if (helmStorage) wanted.add("helmStorage");
  return wanted;
}

/** A name of a namespace has nothing of a glob or "/regex/" in it. */
export function isPattern(text: string): boolean {
  return !/^[a-z0-9-]+$/.test(text);
}

function roleWithBinding(
  account: string,
  role: { name: string; in?: string; rules: readonly PolicyRule[] },
): RbacObject[] {
  const kind = role.in === undefined ? "ClusterRole" : "Role";
  const metadata = metadataOf(role.name, role.in);
  const apiVersion = `${group}/v1`;
  return [
    { apiVersion, kind, metadata, rules: role.rules },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name: role.name },
      subjects: [{ kind: "ServiceAccount", name: engineName, namespace: account }],
    },
  ];
}
