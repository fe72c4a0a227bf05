import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import type { Asked } from "../../src/kube/asked.js";
import { explain } from "../../src/kube/explain.js";
import {
  DeadlineError,
  DroppedConnectionError,
  ForeignAnswerError,
  type RequestFailure,
  RequestTimeoutError,
  type Status,
  StatusError,
} from "../../src/kube/failure.js";
import { jsonClient } from "../../src/kube/http.js";
import { Namespace, Secret } from "../../src/kube/kinds.js";
import type { Kind } from "../../src/kube/object.js";
import { createAuthority, issueCertificate } from "../cluster/certificates.js";
import { json, rawServer, standIn, transportTo } from "./stand-in.js";

const Kustomization: Kind = {
  group: "kustomize.toolkit.fluxcd.io",
  kind: "Kustomization",
  plural: "kustomizations",
};

const asked: Asked = {
  doing: "read Kustomization podinfo in flux-system",
  server: "https://10.0.0.1:6443",
  context: "context kind-dev (~/.kube/config)",
  secrets: new Set(["s3cret"]),
  access: { verb: "get", kind: Kustomization, namespace: "flux-system" },
};

/** What the reader sees: sentence, hint, exit code where it is not 1. */
function said(error: unknown, more: Partial<Asked> = {}) {
  const explained = explain({ ...asked, ...more }, error);
  if (!(explained instanceof UserError)) throw new Error("not explained", { cause: explained });
  const { message, hint = "", exitCode } = explained;
  return exitCode === 1 ? [message, hint] : [message, hint, exitCode];
}

const prefix = "Cannot read Kustomization podinfo in flux-system:";
const why = (rest: string) => `${prefix} ${rest}`;
const reachHint =
  "Check that the cluster of context kind-dev (~/.kube/config) is up and can be reached from here (network, VPN), or choose another --context";
const trustHint =
  "Name the certificate of its authority with --certificate-authority, or accept any with --insecure-skip-tls-verify";
const betweenHint =
  "Check the cluster of context kind-dev (~/.kube/config), and the proxies and load balancers before it, then try again";
const foreignHint =
  "That is no API server: check the address in context kind-dev (~/.kube/config), and whether a proxy in between wants a login";

function nodeError(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code} happened`), { code, ...more });
}

function tlsError(code: string, reason: string): Error {
  const message = `80CBE1:error:0A00010B:SSL routines:ssl3_get_record:${reason}:../ssl3_record.c:354:`;
  return nodeError(code, { message });
}

function afterTries<E extends RequestFailure>(tries: number, failure: E): E {
  failure.tries = tries;
  return failure;
}

describe("no connection", () => {
  test.each<[string, Error, string, string]>([
    ["refused", nodeError("ECONNREFUSED"), "https://10.0.0.1:6443 refused the connection", reachHint],
    [
      "unknown host",
      nodeError("ENOTFOUND", { hostname: "api.example" }),
      "the host api.example is not known",
      reachHint,
    ],
    [
      "no DNS",
      nodeError("EAI_AGAIN", { hostname: "api.example" }),
      "the host api.example could not be looked up",
      reachHint,
    ],
    [
      "no route",
      nodeError("ENETUNREACH"),
      "https://10.0.0.1:6443 cannot be reached (ENETUNREACH)",
      reachHint,
    ],
    [
      "silence",
      new RequestTimeoutError(30_000),
      "https://10.0.0.1:6443 did not answer in full within 30s",
      "Check that the cluster of context kind-dev (~/.kube/config) is up and can be reached from here, or give it longer with --request-timeout",
    ],
    [
      "dropped before the answer",
      afterTries(5, new DroppedConnectionError(false)),
      "https://10.0.0.1:6443 closed the connection without an answer, 5 times in a row",
      betweenHint,
    ],
    [
      "dropped in mid-answer",
      new DroppedConnectionError(true),
      "https://10.0.0.1:6443 closed the connection in the middle of its answer",
      betweenHint,
    ],
  ])("%s", (_, error, reason, hint) => expect(said(error)).toEqual([why(reason), hint]));

  test.each<[unknown, string]>([
    [undefined, "the time of --timeout is over, and https://10.0.0.1:6443 had not answered in full"],
    [new StatusError(503, {}), "the time of --timeout is over, and https://10.0.0.1:6443 still answered 503"],
    [
      new DroppedConnectionError(false),
      "the time of --timeout is over, and https://10.0.0.1:6443 still closed the connection",
    ],
  ])("deadline after %s", (lastFailure, reason) => {
    const error = new DeadlineError(lastFailure, new Error("TimeoutError"));
    expect(said(error)).toEqual([why(reason), "Give it more time with --timeout", 3]);
  });
});

describe("TLS", () => {
  test.each<[string, Error, string, string]>([
    [
      "self-signed",
      nodeError("DEPTH_ZERO_SELF_SIGNED_CERT"),
      "the certificate of https://10.0.0.1:6443 is self-signed and not trusted",
      trustHint,
    ],
    [
      "unknown authority",
      nodeError("UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
      "the certificate of https://10.0.0.1:6443 is signed by an authority that is not trusted here",
      trustHint,
    ],
    [
      "expired",
      nodeError("CERT_HAS_EXPIRED"),
      "the certificate of https://10.0.0.1:6443 has expired",
      "Renew it on the cluster, check this machine's clock, or accept it with --insecure-skip-tls-verify",
    ],
    [
      "from the future",
      nodeError("CERT_NOT_YET_VALID"),
      "the certificate of https://10.0.0.1:6443 is not valid yet",
      "Check this machine's clock",
    ],
    [
      "another name",
      nodeError("ERR_TLS_CERT_ALTNAME_INVALID", {
        host: "10.0.0.1",
        cert: { subjectaltname: "DNS:kubernetes, IP Address:10.96.0.1" },
      }),
      "the certificate of https://10.0.0.1:6443 is not made for 10.0.0.1 but for kubernetes, 10.96.0.1",
      "Use an address that it is made for, or name one with --tls-server-name kubernetes",
    ],
    [
      "no name",
      nodeError("ERR_TLS_CERT_ALTNAME_INVALID", { host: "10.0.0.1" }),
      "the certificate of https://10.0.0.1:6443 is not made for 10.0.0.1",
      "Use an address that it is made for, or name one with --tls-server-name",
    ],
    [
      "otherwise bad",
      nodeError("INVALID_PURPOSE"),
      "the certificate of https://10.0.0.1:6443 was not accepted: INVALID_PURPOSE happened",
      trustHint,
    ],
    [
      "client certificate missing",
      tlsError("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"),
      "https://10.0.0.1:6443 did not accept the client certificate (certificate required)",
      "Renew the client certificate of context kind-dev (~/.kube/config), or choose another --context",
    ],
    [
      "client certificate of another authority",
      tlsError("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "tlsv1 alert unknown ca"),
      "https://10.0.0.1:6443 did not accept the client certificate (unknown ca)",
      "Renew the client certificate of context kind-dev (~/.kube/config), or choose another --context",
    ],
    [
      "plain HTTP",
      tlsError("EPROTO", "wrong version number"),
      "https://10.0.0.1:6443 does not answer with TLS",
      "Check the port, and whether the address in context kind-dev (~/.kube/config) should begin with http://",
    ],
    [
      "other versions of TLS",
      tlsError("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tlsv1 alert protocol version"),
      "no TLS connection with https://10.0.0.1:6443 came about: tlsv1 alert protocol version",
      "Check the address in context kind-dev (~/.kube/config), and proxies in between",
    ],
    [
      "no HTTP",
      nodeError("HPE_INVALID_CONSTANT"),
      "https://10.0.0.1:6443 does not answer with HTTP",
      foreignHint,
    ],
  ])("%s", (_, error, reason, hint) => expect(said(error)).toEqual([why(reason), hint]));
});

describe("not an API server", () => {
  test.each<[ForeignAnswerError, string]>([
    [
      new ForeignAnswerError("web page", "Sign in"),
      'https://10.0.0.1:6443 answered with a web page "Sign in"',
    ],
    [new ForeignAnswerError("web page", ""), "https://10.0.0.1:6443 answered with a web page"],
    [
      new ForeignAnswerError("redirect", "https://login.example/auth"),
      "https://10.0.0.1:6443 answered with a redirect to https://login.example/auth",
    ],
    [
      new ForeignAnswerError("not JSON", "hello"),
      'https://10.0.0.1:6443 answered with something else than JSON: "hello"',
    ],
    [new ForeignAnswerError("not JSON", ""), "https://10.0.0.1:6443 answered with an empty text"],
  ])("%s", (error, reason) => expect(said(error)).toEqual([why(reason), foreignHint]));

  test("an error page", () =>
    expect(said(new StatusError(404, {}, { page: "Not here" }))).toEqual([
      why('https://10.0.0.1:6443 answered 404 with a web page "Not here"'),
      foreignHint,
    ]));

  test.each([
    new StatusError(400, { message: "Client sent an HTTP request to an HTTPS server." }),
    new StatusError(400, {}, { page: "400 The plain HTTP request was sent to HTTPS port" }),
  ])("HTTP to an HTTPS port: $message", (error) =>
    expect(said(error, { server: "http://10.0.0.1:6443" })).toEqual([
      why("http://10.0.0.1:6443 speaks HTTPS, and was asked by HTTP"),
      "The address in context kind-dev (~/.kube/config) should begin with https://",
    ]),
  );
});

describe("the API server says no", () => {
  const forbidden =
    'kustomizations.kustomize.toolkit.fluxcd.io "podinfo" is forbidden: User "jane" cannot get resource "kustomizations" in API group "kustomize.toolkit.fluxcd.io" in the namespace "flux-system"';
  const cause = (field: string, manager: string) => ({
    reason: "FieldManagerConflict",
    message: `conflict with "${manager}" using v1 at 2026-01-01T00:00:00Z`,
    field,
  });

  test.each<[string, number, Status, (string | number)[]]>([
    [
      "expired credentials",
      401,
      { message: "Unauthorized" },
      [
        why("https://10.0.0.1:6443 does not accept the credentials, which may have expired (401)"),
        "Renew the credentials of context kind-dev (~/.kube/config), or choose another --context",
      ],
    ],
    [
      "a missing right",
      403,
      { message: forbidden },
      [
        why(forbidden),
        "Choose another --context or --as, or ask for the right; to check it: kubectl auth can-i get kustomizations.kustomize.toolkit.fluxcd.io -n flux-system",
      ],
    ],
    [
      "nobody",
      403,
      { message: forbidden.replace("jane", "system:anonymous") },
      [
        why(
          `https://10.0.0.1:6443 was asked without credentials: ${forbidden.replace("jane", "system:anonymous")}`,
        ),
        "Give the user of context kind-dev (~/.kube/config) credentials, or choose another --context",
      ],
    ],
    [
      "a quota",
      403,
      { message: 'pods "a" is forbidden: exceeded quota: small.' },
      [why('pods "a" is forbidden: exceeded quota: small'), ""],
    ],
    ["no words", 403, {}, [why("it is not permitted (403)"), ""]],
    [
      "a policy",
      400,
      { message: 'admission webhook "policy.example" denied the request: no team label.\nAdd one.' },
      [
        why('admission webhook "policy.example" denied the request: no team label. Add one'),
        "A policy of the cluster does not allow it: change what it names, or ask whoever keeps it",
      ],
    ],
    [
      "an API that is not served",
      404,
      { message: "the server could not find the requested resource", details: {} },
      [
        why("https://10.0.0.1:6443 does not serve kustomizations.kustomize.toolkit.fluxcd.io"),
        "Install its CRD, or choose another --context; to see what is served: kubectl api-resources --api-group=kustomize.toolkit.fluxcd.io",
        6,
      ],
    ],
    [
      "a missing namespace",
      404,
      { message: 'namespaces "podinfo" not found', details: { name: "podinfo", kind: "namespaces" } },
      [why("the namespace podinfo does not exist"), "Create it: kubectl create namespace podinfo"],
    ],
    [
      "a missing object",
      404,
      { message: 'kustomizations "podinfo" not found', details: { name: "podinfo", kind: "kustomizations" } },
      [why('kustomizations "podinfo" not found'), "", 5],
    ],
    [
      "one conflict",
      409,
      { details: { causes: [cause(".spec.path", "kubectl-edit")] } },
      [
        why(".spec.path belongs to kubectl-edit"),
        "Take this field over with --force, or leave it to its manager",
      ],
    ],
    [
      "conflicts",
      409,
      {
        details: {
          causes: [
            cause(".spec.path", "kubectl-edit"),
            cause(".spec.project", "argocd"),
            cause(".spec.prune", "kubectl-edit"),
          ],
        },
      },
      [
        why(".spec.path, .spec.prune belong to kubectl-edit; .spec.project belongs to argocd"),
        "Take these fields over with --force, or leave them to their managers",
      ],
    ],
    [
      "another conflict",
      409,
      { message: "the object has been modified" },
      [why("the object has been modified"), "Try again"],
    ],
    [
      "an update that came too late",
      409,
      {
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on pods "p": the object has been modified; please apply your changes to the latest version and try again',
      },
      [why("the object has been modified"), "Try again"],
    ],
    [
      "a deletion of another object",
      409,
      {
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on Pod "p": the UID in the precondition (a) does not match the UID in record (b). The object might have been deleted and then recreated',
      },
      [
        why(
          "the UID in the precondition (a) does not match the UID in record (b). The object might have been deleted and then recreated",
        ),
        "Try again",
      ],
    ],
    [
      "an object that is there already",
      409,
      { reason: "AlreadyExists", message: 'leases.coordination.k8s.io "a" already exists' },
      [why('leases.coordination.k8s.io "a" already exists'), "Delete it first, or choose another name"],
    ],
    [
      "a list that expired",
      410,
      { message: "The provided continue parameter is too old." },
      [
        why("the list changed too much while it was read (The provided continue parameter is too old.)"),
        "Run the command again",
      ],
    ],
    ["a large object", 413, {}, [why("the object is larger than the API server takes"), "Make it smaller"]],
    [
      "an invalid object",
      422,
      {
        details: {
          causes: [
            { field: "spec.interval", message: "Required value" },
            { field: "", message: "no such thing" },
          ],
        },
      },
      [
        why("it is invalid: spec.interval: Required value; no such thing"),
        "See which fields there are: kubectl explain kustomizations.kustomize.toolkit.fluxcd.io",
      ],
    ],
  ])("%s", (_, status, body, expected) => expect(said(new StatusError(status, body))).toEqual(expected));

  test.each<[string, Partial<NonNullable<Asked["access"]>>, string]>([
    [
      "list everywhere",
      { verb: "list", namespace: undefined },
      "list kustomizations.kustomize.toolkit.fluxcd.io --all-namespaces",
    ],
    ["a core kind", { kind: Secret, namespace: "argocd" }, "get secrets -n argocd"],
    ["a cluster-scoped one", { verb: "patch", kind: Namespace, namespace: undefined }, "patch namespaces"],
    ["all of these", { verb: "list", kind: Namespace, namespace: undefined }, "list namespaces"],
    [
      "watch everywhere",
      { verb: "watch", kind: Secret, namespace: undefined },
      "watch secrets --all-namespaces",
    ],
    [
      "a part of an object",
      { verb: "update", kind: Secret, subresource: "status" },
      "update secrets --subresource=status -n a",
    ],
  ])("a missing right: %s", (_, access, expected) => {
    const [, hint] = said(new StatusError(403, { message: forbidden }), {
      access: { verb: "get", kind: Kustomization, namespace: "a", ...access },
    });
    expect(hint).toBe(
      `Choose another --context or --as, or ask for the right; to check it: kubectl auth can-i ${expected}`,
    );
  });

  test("a part of objects that a kind does not have", () =>
    expect(
      said(new StatusError(404, {}), { access: { verb: "patch", kind: Secret, subresource: "status" } }),
    ).toEqual([
      why("https://10.0.0.1:6443 does not serve secrets/status"),
      "The kind has no such part in this version: look at its CRD, or choose another --context",
      6,
    ]));

  test.each<[StatusError, string, string]>([
    [
      afterTries(5, new StatusError(429, {}, { retryAfter: "1" })),
      "https://10.0.0.1:6443 has too much to do (429, 5 times in a row); it asks to wait (Retry-After: 1)",
      "Try again later",
    ],
    [
      afterTries(5, new StatusError(503, {}, { page: "503 Service Unavailable" })),
      'https://10.0.0.1:6443 answered 503, 5 times in a row: a web page "503 Service Unavailable"',
      betweenHint,
    ],
    [
      new StatusError(500, {
        message: 'Internal error occurred: failed calling webhook "policy.example": no endpoints',
      }),
      'https://10.0.0.1:6443 answered 500: Internal error occurred: failed calling webhook "policy.example": no endpoints',
      "Look at the webhook policy.example: its service has to answer",
    ],
  ])("%s", (error, reason, hint) => expect(said(error)).toEqual([why(reason), hint]));

  test("secrets and user names in URLs are never shown", () =>
    expect(
      said(new StatusError(409, { message: "token s3cret of https://jane:pw@git.example/x is bad" })),
    ).toEqual([why("token *** of https://git.example/x is bad"), "Try again"]));
});

describe("what passes through unchanged", () => {
  test.each([
    new UserError("Cannot log in"),
    new StatusError(400, { message: "unknown query parameter" }),
    new StatusError(405, {}),
    new TypeError("undefined is not a function"),
    "a string",
  ])("%s", (error) => expect(explain(asked, error)).toBe(error));
});

describe("as Node really says it", () => {
  const authority = createAuthority();
  const day = 24 * 3_600_000;

  /** The sentence for a first request over this transport, after the prefix, with the port taken out. */
  async function saidOf(transport: ReturnType<typeof transportTo>): Promise<string> {
    const client = jsonClient(transport, {
      signal: new AbortController().signal,
      firstWaitMs: 1,
      requestTimeoutMs: 5000,
    });
    const server = transport.server.origin;
    const error = await client.send({ method: "GET", path: "/apis" }).catch((failure) => failure);
    return String(said(error, { server })[0])
      .slice(prefix.length + 1)
      .replace(/:\d{4,5}/g, ":PORT");
  }

  async function tlsServer(certificate: { cert: string; key: string }, more = {}): Promise<string> {
    return (await standIn((_, response) => json(response, {}), { ...certificate, ...more })).url;
  }

  const valid = () => issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });

  test("unknown authority", async () => {
    const url = await tlsServer(valid());
    expect(await saidOf(transportTo(url))).toBe(
      "the certificate of https://127.0.0.1:PORT is signed by an authority that is not trusted here",
    );
  });

  test("unknown authority that the server sends along", async () => {
    const { cert, key } = valid();
    const url = await tlsServer({ cert: cert + authority.cert, key });
    expect(await saidOf(transportTo(url))).toBe(
      "the certificate of https://127.0.0.1:PORT is signed by an authority that is not trusted here",
    );
  });

  test("expired", async () => {
    const [notBefore, notAfter] = [new Date(Date.now() - 2 * day), new Date(Date.now() - day)];
    const url = await tlsServer(
      issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"], notBefore, notAfter }),
    );
    expect(await saidOf(transportTo(url, { tls: { ca: authority.cert } }))).toBe(
      "the certificate of https://127.0.0.1:PORT has expired",
    );
  });

  test("another name", async () => {
    const url = await tlsServer(
      issueCertificate(authority, { commonName: "api", hosts: ["kubernetes", "10.96.0.1"] }),
    );
    expect(await saidOf(transportTo(url, { tls: { ca: authority.cert } }))).toBe(
      "the certificate of https://127.0.0.1:PORT is not made for 127.0.0.1 but for kubernetes, 10.96.0.1",
    );
  });

  test("client certificate missing", async () => {
    const url = await tlsServer(valid(), { requestCert: true, ca: authority.cert });
    expect(await saidOf(transportTo(url, { tls: { ca: authority.cert } }))).toBe(
      "https://127.0.0.1:PORT did not accept the client certificate (certificate required)",
    );
  });

  test("HTTP where HTTPS was expected", async () => {
    const { url } = await standIn((_, response) => json(response, {}));
    expect(await saidOf(transportTo(url.replace("http:", "https:")))).toBe(
      "https://127.0.0.1:PORT does not answer with TLS",
    );
  });

  test("neither HTTP nor TLS", async () => {
    const port = await rawServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    expect(await saidOf(transportTo(`http://127.0.0.1:${port}`))).toBe(
      "http://127.0.0.1:PORT does not answer with HTTP",
    );
    expect(await saidOf(transportTo(`https://127.0.0.1:${port}`))).toBe(
      "https://127.0.0.1:PORT does not answer with TLS",
    );
  });

  test("closed before the handshake", async () => {
    const port = await rawServer((socket) => socket.end());
    expect(await saidOf(transportTo(`https://127.0.0.1:${port}`))).toBe(
      "https://127.0.0.1:PORT closed the connection without an answer, 5 times in a row",
    );
  });

  test("nobody listens", async () => {
    expect(await saidOf(transportTo("https://127.0.0.1:1"))).toBe(
      "https://127.0.0.1:1 refused the connection",
    );
    expect(await saidOf(transportTo("https://localhost:1"))).toBe(
      "https://localhost:1 refused the connection",
    );
  });

  test("a token with a line break", async () => {
    const headers = async () => ({ Authorization: "Bearer a\nb" });
    expect(await saidOf(transportTo("https://127.0.0.1:1", { headers }))).toBe(
      "the credentials hold signs that no request can carry, such as a line break",
    );
  });

  test("unknown host", async () =>
    expect(await saidOf(transportTo("https://api.flamingo.invalid"))).toMatch(
      /^the host api\.flamingo\.invalid (is not known|could not be looked up)$/,
    ));
});
