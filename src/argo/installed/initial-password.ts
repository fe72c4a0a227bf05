/**
 * Where an Argo CD's initial password of the account admin is kept, and why there may be none. Its server makes one when it starts
 * and none is set (`InitializeSettings` of util/settings; Argo CD 2.2 to 3.6): first the Secret, then the hash. Pure.
 */
import type { ConfigMap, Secret } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";

/** A key of a Secret in Argo CD's namespace. */
export interface PasswordPlace {
  secret: string;
  key: string;
}

export const initialPlace: PasswordPlace = { secret: "argocd-initial-admin-secret", key: "password" };
/** of the bcrypt hash that counts */
export const hashPlace: PasswordPlace = { secret: "argocd-secret", key: "admin.password" };
/** The operator keeps the password that counts, of the ArgoCD of this name. */
export const operatorPlace = (name: string): PasswordPlace => ({
  secret: `${name}-cluster`,
  key: hashPlace.key,
});

export interface PasswordEvidence {
  namespace: string;
  /** the ArgoCD that an operator makes Argo CD from, and its Secret */
  operated: { name: string; secret: Secret | undefined } | undefined;
  initial: Secret | undefined;
  hashed: Secret | undefined;
  /** argocd-cm */
  settings: ConfigMap | undefined;
  /** why these may not be read: "cannot read Secret argocd-secret in argocd: …" */
  unknown: Record<"hashed" | "settings", readonly string[]>;
}

export type InitialPassword =
  /** `doubts`: why it may let nobody in, a sentence each */
  | { state: "known"; password: string; place: PasswordPlace; doubts: string[] }
  /** it is there, or known not to come, as soon as one of these has its key; `unknown`: why it may be one that never comes */
  | {
      state: "awaited";
      because: string;
      places: readonly [PasswordPlace, ...PasswordPlace[]];
      unknown: readonly string[];
    }
  /** none will come */
  | { state: "none"; because: string; hint: string };

export function initialPassword(evidence: PasswordEvidence): InitialPassword {
  const { namespace, operated, initial, hashed, settings, unknown } = evidence;
  const isSwitchedOff = settings?.data?.["admin.enabled"] === "false";
  const doubts = isSwitchedOff ? [`It lets nobody in: ${switchedOff}`] : [];
  if (operated) {
    const place = operatorPlace(operated.name);
    const password = textAt(operated.secret, place);
    if (password !== undefined) return { state: "known", password, place, doubts };
    return {
      state: "awaited",
      because: `Argo CD's operator has not made the Secret ${place.secret} yet`,
      places: [place],
      unknown: [],
    };
  }
  const password = textAt(initial, initialPlace);
  if (password !== undefined) {
    const changed = changedAt(initial, hashed);
    if (changed !== undefined) doubts.push(`The password was changed at ${changed}, after this one was made`);
    return { state: "known", password, place: initialPlace, doubts };
  }
  if (isSwitchedOff) {
    return {
      state: "none",
      because: switchedOff,
      hint: `Log in by SSO or as another account, or remove admin.enabled from the ConfigMap argocd-cm in ${namespace}`,
    };
  }
  if (textAt(hashed, hashPlace) !== undefined) return { state: "none", ...whyNone(namespace, hashed) };
  const all = [...unknown.hashed, ...unknown.settings];
  const [why] = all;
  return {
    state: "awaited",
    because:
      why === undefined
        ? "Argo CD's server has not made it yet"
        : `there is no Secret ${initialPlace.secret} in ${namespace}, and why is not known: flamingo ${why}`,
    // a hash that is seen to come, but cannot be read, would tell nothing
    places: unknown.hashed.length > 0 ? [initialPlace] : [initialPlace, hashPlace],
    unknown: all,
  };
}

const switchedOff = "the account admin is switched off (admin.enabled in the ConfigMap argocd-cm)";

/** The server writes the hash itself; whoever else does had a password in mind. */
function whyNone(namespace: string, hashed: Secret | undefined): { because: string; hint: string } {
  const setter = writersOf(hashed, hashPlace.key).at(-1)?.manager;
  if (setter !== undefined && setter !== "argocd-server") {
    return /helm/i.test(setter)
      ? {
          because: "the values of Argo CD's Helm chart set the password, so that its server made none",
          hint: "Ask whoever wrote configs.secret.argocdServerAdminPassword: it is a hash, which cannot be turned back",
        }
      : {
          because: `${setter} set the password (${hashPlace.key} of the Secret ${hashPlace.secret}), so that its server made none`,
          hint: "Ask whoever set it: it is a hash, which cannot be turned back",
        };
  }
  return {
    because: `its Secret ${initialPlace.secret} was deleted, as is advised once the password was changed`,
    hint: `Use the password that was set since, or have a new one made: kubectl patch secret ${hashPlace.secret} -n ${namespace} -p '{"data":{"admin.password":null,"admin.passwordMtime":null}}', then restart argocd-server`,
  };
}

/** When another password was set, if that was after the initial one was written; both are written within a moment. */
function changedAt(initial: Secret | undefined, hashed: Secret | undefined): string | undefined {
  const time = textAt(hashed, { ...hashPlace, key: "admin.passwordMtime" });
  const written = writersOf(initial, initialPlace.key).at(-1)?.time ?? initial?.metadata.creationTimestamp;
  if (time === undefined || written === undefined) return undefined;
  return Date.parse(time) - Date.parse(written) > 60_000 ? time : undefined;
}

/** Who wrote a key of a Secret, the last one last. */
function writersOf(secret: LiveObject | undefined, key: string): { manager?: string; time?: string }[] {
  return (secret?.metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => fieldsV1?.["f:data"]?.[`f:${key}`] !== undefined)
    .sort((a, b) => Date.parse(a.time ?? "") - Date.parse(b.time ?? ""));
}

function textAt(secret: Secret | undefined, { key }: PasswordPlace): string | undefined {
  const data = secret?.data?.[key];
  return data ? Buffer.from(data, "base64").toString("utf8") : undefined;
}
