import { expect, test } from "vitest";
import { initialPassword, type PasswordEvidence } from "../../src/argo/installed/initial-password.js";
import type { ConfigMap, Secret } from "../../src/kube/kinds.js";

/** Each key with its text and who wrote it. */
function secret(
  data: Record<string, string>,
  manager = "argocd-server",
  time = "2026-01-01T00:00:00Z",
): Secret {
  const keys = Object.keys(data).map((key) => [`f:${key}`, {}] as const);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "secret",
      managedFields: [{ manager, time, fieldsV1: { "f:data": Object.fromEntries(keys) } }],
    },
    data: Object.fromEntries(
      Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
    ),
  };
}

const off = { data: { "admin.enabled": "false" } } as unknown as ConfigMap;
const initial = secret({ password: "s3cret" });
const hash = { "admin.password": "$2a$10$hash" };

function found(evidence: Partial<PasswordEvidence>) {
  const unread = { initial: undefined, hashed: undefined, settings: undefined, operated: undefined };
  const unknown = { hashed: [], settings: [] };
  return initialPassword({ namespace: "argocd", unknown, ...unread, ...evidence });
}

test.each<[string, Partial<PasswordEvidence>, string[]]>([
  ["its Secret", { initial }, []],
  [
    "where the hash was written with it",
    { initial, hashed: secret({ ...hash, "admin.passwordMtime": "2026-01-01T00:00:01Z" }) },
    [],
  ],
  [
    "changed since",
    { initial, hashed: secret({ ...hash, "admin.passwordMtime": "2026-02-01T00:00:00Z" }) },
    ["The password was changed at 2026-02-01T00:00:00Z, after this one was made"],
  ],
  [
    "made anew in the same Secret",
    {
      initial: secret({ password: "s3cret" }, "argocd-server", "2026-03-01T00:00:00Z"),
      hashed: secret({ ...hash, "admin.passwordMtime": "2026-03-01T00:00:01Z" }),
    },
    [],
  ],
  [
    "of an account that is switched off",
    { initial, settings: off },
    ["It lets nobody in: the account admin is switched off (admin.enabled in the ConfigMap argocd-cm)"],
  ],
])("known: %s", (_, evidence, doubts) =>
  expect(found(evidence)).toEqual({
    state: "known",
    password: "s3cret",
    place: { secret: "argocd-initial-admin-secret", key: "password" },
    doubts,
  }),
);

test("known: the operator's Secret, which counts whatever else there is", () =>
  expect(
    found({ initial, operated: { name: "example", secret: secret({ "admin.password": "0perated" }) } }),
  ).toEqual({
    state: "known",
    password: "0perated",
    place: { secret: "example-cluster", key: "admin.password" },
    doubts: [],
  }));

test.each<[string, Partial<PasswordEvidence>, string, string[]]>([
  [
    "before the server has started",
    {},
    "Argo CD's server has not made it yet",
    ["argocd-initial-admin-secret/password", "argocd-secret/admin.password"],
  ],
  [
    "before the server has written anything",
    { hashed: secret({ "server.secretkey": "x" }), initial: secret({}) },
    "Argo CD's server has not made it yet",
    ["argocd-initial-admin-secret/password", "argocd-secret/admin.password"],
  ],
  [
    "which may never come, as far as one may read",
    { unknown: { hashed: ["cannot read Secret argocd-secret in argocd: no"], settings: [] } },
    "there is no Secret argocd-initial-admin-secret in argocd, and why is not known: flamingo cannot read Secret argocd-secret in argocd: no",
    ["argocd-initial-admin-secret/password"],
  ],
  [
    "which may never come, unless the hash tells",
    { unknown: { hashed: [], settings: ["cannot read ConfigMap argocd-cm in argocd: no"] } },
    "there is no Secret argocd-initial-admin-secret in argocd, and why is not known: flamingo cannot read ConfigMap argocd-cm in argocd: no",
    ["argocd-initial-admin-secret/password", "argocd-secret/admin.password"],
  ],
  [
    "before the operator has",
    { operated: { name: "example", secret: undefined }, hashed: secret(hash) },
    "Argo CD's operator has not made the Secret example-cluster yet",
    ["example-cluster/admin.password"],
  ],
])("awaited: %s", (_, evidence, because, places) => {
  const state = found(evidence);
  expect(state).toMatchObject({ state: "awaited", because });
  if (state.state === "awaited")
    expect(state.places.map(({ secret, key }) => `${secret}/${key}`)).toEqual(places);
});

const anew = `Use the password that was set since, or have a new one made: kubectl patch secret argocd-secret -n argocd -p '{"data":{"admin.password":null,"admin.passwordMtime":null}}', then restart argocd-server`;
const unwritten = secret(hash);
delete unwritten.metadata.managedFields;
const askSetter = "Ask whoever set it: it is a hash, which cannot be turned back";
const chart = {
  because: "the values of Argo CD's Helm chart set the password, so that its server made none",
  hint: "Ask whoever wrote configs.secret.argocdServerAdminPassword: it is a hash, which cannot be turned back",
};
const deleted = {
  because: "its Secret argocd-initial-admin-secret was deleted, as is advised once the password was changed",
  hint: anew,
};

test.each<[string, Partial<PasswordEvidence>, { because: string; hint: string }]>([
  ["deleted after a change", { hashed: secret(hash) }, deleted],
  ["deleted, and nobody knows who wrote what", { hashed: unwritten }, deleted],
  ["set by Helm", { hashed: secret(hash, "helm") }, chart],
  ["set by Flux's helm-controller", { hashed: secret(hash, "helm-controller") }, chart],
  [
    "set by hand",
    { hashed: secret(hash, "kubectl-patch") },
    {
      because:
        "kubectl-patch set the password (admin.password of the Secret argocd-secret), so that its server made none",
      hint: askSetter,
    },
  ],
  [
    "switched off",
    { settings: off },
    {
      because: "the account admin is switched off (admin.enabled in the ConfigMap argocd-cm)",
      hint: "Log in by SSO or as another account, or remove admin.enabled from the ConfigMap argocd-cm in argocd",
    },
  ],
])("none: %s", (_, evidence, told) => expect(found(evidence)).toEqual({ state: "none", ...told }));
