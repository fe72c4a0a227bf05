import { ConfigMap } from "../kube/kinds.js";
import type { KubeObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";

/**
 * What lets people in without a login, by ConfigMap. The built-in role may get, not sync; the policy that the Go CLI wrote
 * beside it made a role that was called read-only, and may sync.
 */
export const anonymousSettings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "argocd-cm": { "users.anonymous.enabled": "true" },
  "argocd-rbac-cm": { "policy.default": "role:readonly" },
};

/** The object as it is where everybody may look: its other settings stay. */
export function openToAnonymous(object: KubeObject): KubeObject {
  const settings = isOfKind(object, ConfigMap) ? anonymousSettings[object.metadata.name] : undefined;
  if (!settings) return object;
  const { data } = object as ConfigMap;
  return { ...object, data: { ...data, ...settings } } as ConfigMap;
}
