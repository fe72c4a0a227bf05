import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import type { RedisAccess } from "../../src/loopback/redis/access.js";
import { endsConnection, explainRedis } from "../../src/loopback/redis/explain.js";

const access: RedisAccess = {
  target: "argocd-redis.argocd",
  db: 0,
  login: { password: "geheim-1" },
  sentinelLogin: { password: "geheim-2" },
  passwordFrom: undefined,
  unreadable: [],
  compression: "gzip",
  keyPrefix: "",
  treeShardSize: 0,
  connect: () => Promise.reject(new Error("not here")),
};

const withCode = (code: string, message = code) => Object.assign(new Error(message), { code });
/** As the library makes of what redis refuses. */
const reply = (message: string, more: object = {}) =>
  Object.assign(new Error(message), { name: "ReplyError", ...more });

describe("explainRedis()", () => {
  test.each<[unknown, string]>([
    [withCode("ECONNREFUSED"), "the connection was refused"],
    [withCode("ENOTFOUND"), "the host is not known here"],
    [withCode("ETIMEDOUT"), "it does not answer"],
    [new Error("Command timed out"), "it does not answer"],
    [new Error("Connection is closed."), "the connection was closed"],
    [withCode("ECONNRESET"), "the connection was closed"],
    [
      withCode("CERT_HAS_EXPIRED", "certificate has expired"),
      "its certificate is not accepted: certificate has expired",
    ],
    [
      withCode("EPROTO", "0:error:0A00010B:SSL routines::wrong version number:x.c:1:"),
      "it does not answer with TLS",
    ],
    [reply("WRONGPASS invalid username-password pair"), "the password is not accepted"],
    [reply("ERR invalid password"), "the password is not accepted"],
    [reply("NOAUTH Authentication required."), "it wants a password"],
    [
      reply("NOPERM User argo has no permissions to run the 'scan' command"),
      "NOPERM User argo has no permissions to run the 'scan' command",
    ],
    [
      reply("EXECABORT Transaction discarded because of previous errors.", {
        previousErrors: [reply("OOM command not allowed when used memory > 'maxmemory'.")],
      }),
      "OOM command not allowed when used memory > 'maxmemory'.",
    ],
    [
      new UserError("Cannot read Secret argocd-redis in argocd: forbidden", { hint: "Ask for the right" }),
      "cannot read Secret argocd-redis in argocd: forbidden",
    ],
    [new Error("odd: geheim-1, geheim-2, redis://user:geheim-3@host"), "odd: ***, ***, redis://host"],
    ["odd", "odd"],
  ])("of %s", (error, why) => {
    expect(explainRedis(error, access)).toEqual({ why, hint: expect.stringMatching(/^[A-Z].*[^.]$/) });
  });

  test("keeps the hint of a sentence that has one", () => {
    const error = new UserError("Cannot read it: no", { hint: "Ask for the right" });
    expect(explainRedis(error, undefined).hint).toBe("Ask for the right");
  });
});

test.each([
  [new Error("Connection is closed."), true],
  [new Error("Command timed out"), true],
  [reply("NOAUTH Authentication required."), true],
  [reply("READONLY You can't write against a read only replica."), true],
  [reply("EXECABORT Transaction discarded", { previousErrors: [reply("READONLY You can't write")] }), true],
  [reply("OOM command not allowed"), false],
  [reply("NOPERM no"), false],
])("endsConnection(%s) is %s", (error, expected) => expect(endsConnection(error)).toBe(expected));
