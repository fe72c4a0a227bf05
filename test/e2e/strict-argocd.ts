import { anotherArgocd } from "./another-argocd.js";
import type { Argocd } from "./argocd.js";
import { setData } from "./argocd-settings.js";
import type { Rig } from "./e2e.js";

/**
 * One more argocd-server, which asks what everybody may do (those of the rig let everybody do everything): whoever does not log in
 * has the role `role:test` of this policy. It ends with the test.
 *
 * @param policy lines of `policy.csv`
 */
export async function strictArgocd(rig: Rig, policy: string): Promise<Argocd> {
  await setData(rig, "argocd-cm", { "users.anonymous.enabled": "true" });
  await allow(rig, policy);
  return anotherArgocd(rig, {});
}

/** From now on this is what everybody may do; until then it may take a moment. */
export async function allow(rig: Rig, policy: string): Promise<void> {
  await setData(rig, "argocd-rbac-cm", { "policy.default": "role:test", "policy.csv": policy });
}
