import { beforeAll, describe, expect, test } from "vitest";
import type { UserError } from "../../../src/errors.js";
import { openTransport, type TransportDeps } from "../../../src/kube/access/open-transport.js";
import {
  type Authority,
  createAuthority,
  issueCertificate,
  type KeyPair,
} from "../../cluster/certificates.js";
import { httpProxy, recordingServer, type Visit } from "./tls-server.js";
import { base64, kubeconfig, type Workplace, workplace } from "./workplace.js";

let authority: Authority;
let certificate: KeyPair;

beforeAll(() => {
  authority = createAuthority();
  certificate = issueCertificate(authority, { commonName: "issuer", hosts: ["localhost"] });
});

/** An id-token that expires then; nobody here looks at its signature. */
function idToken(expires: string): string {
  const part = (data: unknown) => Buffer.from(JSON.stringify(data)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ exp: Date.parse(expires) / 1000 })}.x`;
}

const over = idToken("2026-11-21T11:59:00Z");
const valid = idToken("2026-11-21T12:30:00Z");
const next = idToken("2026-11-21T13:00:00Z");

/** An issuer that answers what `tokens` says to whoever brings a refresh-token. */
async function issuer(tokens: (visit: Visit, form: URLSearchParams) => { status?: number; body?: unknown }) {
  const server = await recordingServer(certificate, (visit) =>
    visit.url === "/realm/.well-known/openid-configuration"
      ? { body: { token_endpoint: `${server.url}/token` } }
      : tokens(visit, new URLSearchParams(visit.body)),
  );
  return { ...server, posts: () => server.visits.filter((visit) => visit.url === "/token") };
}

function open(
  here: Workplace,
  config: Record<string, string | undefined>,
  deps: Partial<TransportDeps> = {},
) {
  const user = { "auth-provider": { name: "oidc", config: { "client-id": "kube", ...config } } };
  here.write(".kube/config", kubeconfig({}, user));
  return openTransport({}, here.deps(deps));
}

/** A login whose id-token is over. */
function overFor(url: string): Record<string, string> {
  return {
    "idp-issuer-url": `${url}/realm/`,
    "idp-certificate-authority-data": base64(authority.cert),
    "client-secret": "s/s",
    "id-token": over,
    "refresh-token": "R1",
  };
}

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );
}

describe("oidc", () => {
  test("an id-token that is valid is used as it is", async () => {
    const transport = await open(workplace(), { ...overFor("https://nowhere.example"), "id-token": valid });
    expect(await transport.headers()).toEqual({ Authorization: `Bearer ${valid}` });
    expect([...transport.secrets].sort()).toEqual([valid, "R1", "s/s"].sort());
    expect(transport.renew()).toBe(false);
  });

  test("no token goes to an endpoint without TLS that an issuer with TLS names", async () => {
    const idp = await recordingServer(certificate, () => ({
      body: { token_endpoint: idp.url.replace("https:", "http:") },
    }));
    const transport = await open(workplace(), overFor(idp.url));
    const error = await failureOf(transport.headers());
    expect(error.message).toMatch(/: https:\/\/localhost:\d+\/realm names a token_endpoint without TLS$/);
    expect(error.hint).toContain("the refresh-token was not sent");
    expect(idp.visits).toHaveLength(1);
  });

  test("one that is over is refreshed, once for all who wait", async () => {
    const idp = await issuer(() => ({ body: { id_token: next, refresh_token: "R2" } }));
    const transport = await open(workplace(), overFor(idp.url));
    const all = await Promise.all([transport.headers(), transport.headers()]);
    expect([...all, await transport.headers()]).toEqual(Array(3).fill({ Authorization: `Bearer ${next}` }));
    expect(idp.posts()).toMatchObject([
      {
        headers: {
          authorization: [`Basic ${base64("kube:s%2Fs")}`],
          "content-type": ["application/x-www-form-urlencoded"],
        },
        body: "grant_type=refresh_token&refresh_token=R1",
      },
    ]);
    expect(transport.secrets).toContain("R2");
  });

  test("without an id-token, and again when the next one is over, with the refresh-token that came last", async () => {
    let count = 1;
    const idp = await issuer(() => ({ body: { id_token: next, refresh_token: `R${++count}` } }));
    let time = "2026-11-21T12:00:00Z";
    const transport = await open(
      workplace(),
      { ...overFor(idp.url), "id-token": undefined },
      { now: () => new Date(time) },
    );
    await transport.headers();
    time = "2026-11-21T12:59:51Z";
    await transport.headers();
    expect(idp.posts().map((post) => new URLSearchParams(post.body).get("refresh_token"))).toEqual([
      "R1",
      "R2",
    ]);
  });

  test("an issuer that wants client id and secret in the form", async () => {
    const idp = await issuer((_, form) =>
      form.get("client_secret") === "s/s" && form.get("client_id") === "kube"
        ? { body: { id_token: next } }
        : { status: 401, body: { error: "invalid_client" } },
    );
    expect(await (await open(workplace(), overFor(idp.url))).headers()).toEqual({
      Authorization: `Bearer ${next}`,
    });
    expect(idp.posts()).toHaveLength(2);
  });

  test("a client without a secret", async () => {
    const idp = await issuer(() => ({ body: { id_token: next } }));
    await (await open(workplace(), { ...overFor(idp.url), "client-secret": "" })).headers();
    expect(idp.posts()).toMatchObject([{ body: "grant_type=refresh_token&refresh_token=R1&client_id=kube" }]);
  });

  test("through a proxy, with the issuer's CA in a file", async () => {
    const here = workplace();
    const idp = await issuer(() => ({ body: { id_token: next } }));
    const proxy = await httpProxy();
    const file = here.write("idp.crt", authority.cert);
    const named = issueCertificate(authority, { commonName: "idp", hosts: ["idp.example"] });
    const distant = await recordingServer(named, ({ url }) =>
      url.startsWith("/realm") ? { body: { token_endpoint: `${idp.url}/token` } } : { status: 404 },
    );
    const config = {
      ...overFor(`https://idp.example:${distant.port}`),
      "idp-certificate-authority-data": "",
      "idp-certificate-authority": file,
    };
    const transport = await open(here, config, { env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } });
    expect(await transport.headers()).toEqual({ Authorization: `Bearer ${next}` });
    expect(proxy.seen).toEqual([`CONNECT idp.example:${distant.port}`]);
  });

  const doing = "Cannot get credentials for context dev (~/.kube/config)";
  const again = "Sign in again with the tool that wrote the kubeconfig";

  test("a refresh that is refused: the login has expired", async () => {
    const idp = await issuer(() => ({
      status: 400,
      body: { error: "invalid_grant", error_description: "Session\n not active" },
    }));
    const error = await failureOf((await open(workplace(), overFor(idp.url))).headers());
    expect(error).toMatchObject({
      message: `${doing}: the login has expired: ${idp.url}/realm gives no new token: Session not active`,
      hint: again,
      exitCode: 1,
    });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    [
      "no refresh-token",
      { "refresh-token": undefined },
      "the login has expired: its id-token is over and there is no refresh-token",
    ],
    ["no issuer", { "idp-issuer-url": "" }, "the auth-provider oidc of the user has no idp-issuer-url"],
    ["no client", { "client-id": "" }, "the auth-provider oidc of the user has no client-id"],
    ["an issuer that is no address", { "idp-issuer-url": "dex" }, "the idp-issuer-url dex is no address"],
  ])("%s", async (_, config, why) => {
    const opened = open(workplace(), { ...overFor("https://idp.example"), ...config });
    const error = await failureOf(opened.then((transport) => transport.headers()));
    expect(error.message).toBe(`${doing}: ${why}`);
    expect(error.hint).toBe(why.endsWith("is no address") ? "Correct it in the kubeconfig" : again);
  });

  test("an answer without an id_token", async () => {
    const idp = await issuer(() => ({ body: { access_token: "A" } }));
    const { message } = await failureOf((await open(workplace(), overFor(idp.url))).headers());
    expect(message).toBe(
      `${doing}: the login has expired: ${idp.url}/realm gave no id_token (a login without the scope openid)`,
    );
  });

  test("an address that is no issuer", async () => {
    const idp = await recordingServer(certificate, () => ({ status: 404 }));
    const { message } = await failureOf((await open(workplace(), overFor(idp.url))).headers());
    expect(message).toContain(`${idp.url}/realm is no OIDC issuer`);
  });

  test("an issuer that is down", async () => {
    const { message, hint } = await failureOf(
      (await open(workplace(), overFor("https://localhost:1"))).headers(),
    );
    expect(message).toContain(`${doing}: cannot ask https://localhost:1 for a new token: `);
    expect(hint).toContain("idp-issuer-url");
  });
});
