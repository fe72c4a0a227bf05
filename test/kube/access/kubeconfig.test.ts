import path from "node:path";
import { describe, expect, test } from "vitest";
import type { UserError } from "../../../src/errors.js";
import { accessFor } from "../../../src/kube/access/open-transport.js";
import type { ConnectionFlags } from "../../../src/kube/connection-flags.js";
import { base64, kubeconfig, type Workplace, workplace } from "./workplace.js";

/** What is chosen when KUBECONFIG lists these files. */
function chosenFrom(contents: unknown[], flags: ConnectionFlags = {}, here: Workplace = workplace()) {
  const files = contents.map((content, index) => here.write(`config-${index}`, content));
  return accessFor(flags, here.deps({ env: { KUBECONFIG: files.join(path.delimiter) } }));
}

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  return work.then(
    () => expect.unreachable("it did not fail"),
    (error) => error,
  );
}

describe("which files", () => {
  test("~/.kube/config without KUBECONFIG, and when it is empty", async () => {
    const here = workplace();
    here.write(".kube/config", kubeconfig());
    for (const env of [{}, { KUBECONFIG: "" }]) {
      const access = await accessFor({}, here.deps({ env }));
      expect(access).toMatchObject({
        cluster: { server: "https://dev.example:6443" },
        namespace: "apps",
        description: "context dev (~/.kube/config)",
      });
    }
  });

  test("missing files and empty places in the list are passed over", async () => {
    const here = workplace();
    here.write("here", kubeconfig());
    const KUBECONFIG = ["", "nowhere", "", "here"].join(path.delimiter);
    expect((await accessFor({}, here.deps({ env: { KUBECONFIG } }))).description).toBe(
      "context dev (~/here)",
    );
  });

  test.each(["", "\n", "# nothing yet\n", "---\n", "null\n"])(
    "an empty file (%j) is an empty config",
    async (text) => {
      expect((await chosenFrom([text, kubeconfig()])).cluster.server).toBe("https://dev.example:6443");
    },
  );

  test("--kubeconfig takes the place of the whole list, relative to the current folder", async () => {
    const here = workplace();
    here.write("mine", kubeconfig({ server: "https://mine" }));
    expect((await chosenFrom([kubeconfig()], { kubeconfig: "mine" }, here)).cluster.server).toBe(
      "https://mine",
    );
  });

  test("--kubeconfig must exist", async () => {
    const here = workplace();
    expect(await failureOf(chosenFrom([kubeconfig()], { kubeconfig: "gone" }, here))).toMatchObject({
      message: `Cannot read the kubeconfig ${here.folder}/gone: there is no such file`,
      hint: "Correct --kubeconfig, or leave it out to use KUBECONFIG or ~/.kube/config",
      exitCode: 1,
    });
  });

  test("a folder is no kubeconfig", async () => {
    const here = workplace();
    const error = await failureOf(accessFor({}, here.deps({ env: { KUBECONFIG: here.folder } })));
    expect(error.message).toBe(`Cannot read the kubeconfig ${here.folder}: it is a folder`);
  });
});

describe("merging", () => {
  const named = (name: string, server: string, token: string) => ({
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });

  test("the first file that sets current-context wins, even when an earlier one has none", async () => {
    const files = [
      named("a", "https://a", "A"),
      { ...named("b", "https://b", "B"), "current-context": "b" },
      { ...named("c", "https://c", "C"), "current-context": "c" },
    ];
    expect(await chosenFrom(files)).toMatchObject({ cluster: { server: "https://b" }, user: { token: "B" } });
  });

  test("of entries with one name the first counts, as a whole", async () => {
    const first = { users: [{ name: "dev", user: { username: "ada", password: "first" } }] };
    const second = kubeconfig({}, { token: "second", tokenFile: "second" });
    const { user } = await chosenFrom([first, second]);
    expect(user).toMatchObject({
      username: "ada",
      password: "first",
      token: undefined,
      tokenFile: undefined,
    });
  });

  test("a context may take its cluster from another file", async () => {
    const { users, contexts, ...rest } = kubeconfig({}, { token: "T" });
    expect(await chosenFrom([{ users, contexts }, rest])).toMatchObject({
      cluster: { server: "https://dev.example:6443" },
      user: { token: "T" },
    });
  });
});

describe("reading", () => {
  test("paths are relative to the file that they stand in", async () => {
    const here = workplace();
    const file = here.write(
      "deep/er/config",
      kubeconfig(
        { "certificate-authority": "ca.crt" },
        {
          "client-certificate": "../me.crt",
          "client-key": "/abs/me.key",
          tokenFile: "token",
          exec: { command: "./plugin", apiVersion: "client.authentication.k8s.io/v1" },
        },
      ),
    );
    expect(await accessFor({}, here.deps({ env: { KUBECONFIG: file } }))).toMatchObject({
      cluster: { certificateAuthority: `${here.folder}/deep/er/ca.crt` },
      user: {
        clientCertificate: `${here.folder}/deep/me.crt`,
        clientKey: "/abs/me.key",
        tokenFile: `${here.folder}/deep/er/token`,
        exec: { command: `${here.folder}/deep/er/plugin` },
      },
    });
  });

  test("a command without a slash is looked up in the PATH", async () => {
    const { user } = await chosenFrom([kubeconfig({}, { exec: { command: "aws" } })]);
    expect(user.exec?.command).toBe("aws");
  });

  test("whom to impersonate", async () => {
    const user = {
      as: "ada",
      "as-uid": "7",
      "as-groups": ["g", "h"],
      "as-user-extra": { scope: ["view", "edit"] },
    };
    expect((await chosenFrom([kubeconfig({}, user)])).user.impersonate).toEqual({
      user: "ada",
      uid: "7",
      groups: ["g", "h"],
      extra: { scope: ["view", "edit"] },
    });
  });

  test("what kubectl takes: unknown fields, null, merge keys, equal keys, a bracket at its key, two documents, JSON, a byte order mark", async () => {
    const yaml = `\ufeff---
apiVersion: v1
preferences: {}
x-any: &user {token: merged}
clusters:
- {name: dev, cluster: {server: "https://first", server: "https://last", extensions: null}}
users: [{name: dev, user: {<<: *user, password: null}}]
contexts: [
  {name: dev, context: {cluster: dev, user: dev, namespace: 2020-01-01}}
]
current-context: dev
---
current-context: other
`;
    expect(await chosenFrom([yaml, { users: null }])).toMatchObject({
      cluster: { server: "https://last" },
      user: { token: "merged", password: undefined },
      namespace: "2020-01-01",
    });
  });

  test("base64 may be folded over several lines", async () => {
    const pem = "-----BEGIN CERTIFICATE-----\nabc\n";
    const data = base64(pem).replace(/(.{8})/g, "$1\n");
    const { cluster } = await chosenFrom([kubeconfig({ "certificate-authority-data": data })]);
    expect(cluster.certificateAuthorityData).toBe(pem);
  });

  test.each([
    ["clusters: [1\nusers: 2", ":2:1: deficient indentation"],
    ["a: 1\n\tb: 2", ":2:"],
    ["- a\n- b", ": the file must be a map of fields"],
    ["kind: Pod", ":1:7: kind must be Config, but it is Pod"],
    ["apiVersion: v2", ":1:13: apiVersion must be v1, but it is v2"],
    ["clusters:\n  a: 1", ":2:3: clusters must be a list"],
    [
      "users:\n- name: a\n  user:\n    token: 5",
      ":4:12: users[0].user.token must be text (put it in quotes)",
    ],
    ["users:\n- {name: a}\n- {name: a}", ":3:10: users[1].name must be unique: there already is a user a"],
    [
      "clusters:\n- cluster:\n    insecure-skip-tls-verify: 'true'",
      ":3:31: clusters[0].cluster.insecure-skip-tls-verify must be true or false",
    ],
    ["users:\n- user:\n    client-key-data: 'a%'", ":3:22: users[0].user.client-key-data must be base64"],
  ])("%j: file, line, column, what", async (text, expected) => {
    const here = workplace();
    const error = await failureOf(chosenFrom([text], {}, here));
    expect(error.message).toContain(`Cannot read the kubeconfig ${here.folder}/config-0${expected}`);
    expect(error.hint).toBe("Correct that line, or name another file with --kubeconfig");
  });
});

describe("choosing", () => {
  const two = kubeconfig(
    {},
    {},
    {
      contexts: [
        { name: "dev", context: { cluster: "dev", user: "dev" } },
        { name: "lost", context: { cluster: "gone", user: "dev" } },
        { name: "nobody", context: { cluster: "dev", user: "gone" } },
        { name: "alone", context: { cluster: "dev" } },
        { name: "nowhere", context: { user: "dev" } },
      ],
    },
  );
  const contexts =
    "There are the contexts alone, dev, lost, nobody and nowhere; see kubectl config get-contexts";

  test.each<[ConnectionFlags, string, string]>([
    [{ context: "x" }, "there is no context x in the kubeconfig", contexts],
    [
      { cluster: "x" },
      "there is no cluster x in the kubeconfig",
      "There is only dev; see kubectl config get-clusters",
    ],
    [
      { user: "x" },
      "there is no user x in the kubeconfig",
      "There is only dev; see kubectl config get-users",
    ],
    [{ context: "lost" }, "there is no cluster gone in the kubeconfig", "There is only dev"],
    [{ context: "nobody" }, "there is no user gone in the kubeconfig", "There is only dev"],
    [{ context: "nowhere" }, "context nowhere names no cluster", "add --api-server"],
  ])("%o: %s", async (flags, why, hint) => {
    const error = await failureOf(chosenFrom([two], flags));
    expect(error.message).toBe(`Cannot choose a cluster: ${why}`);
    expect(error.hint).toContain(hint);
  });

  test("a context without a user keeps what its cluster says", async () => {
    const config = kubeconfig(
      { "insecure-skip-tls-verify": true, "tls-server-name": "api" },
      {},
      {
        contexts: [{ name: "dev", context: { cluster: "dev" } }],
      },
    );
    expect(await chosenFrom([config])).toMatchObject({
      cluster: { insecureSkipTlsVerify: true, tlsServerName: "api" },
      user: {},
    });
  });

  test("no current-context: the hint lists the contexts", async () => {
    const error = await failureOf(chosenFrom([{ ...two, "current-context": "" }]));
    expect(error.message).toBe("Cannot choose a cluster: the kubeconfig has no current-context");
    expect(error.hint).toBe(`Add --context NAME: ${contexts}`);
  });

  test("a context without a name is the one that no current-context means, as are a cluster and a user", async () => {
    const cluster = { server: "https://dev.example:6443" };
    const [{ context: nameless }, named] = [{ context: { namespace: "apps" } }, { cluster: "c", user: "u" }];
    const user = { token: "TOKEN" };
    for (const config of [
      { contexts: [{ context: named }], clusters: [{ name: "c", cluster }], users: [{ name: "u", user }] },
      { contexts: [{ context: nameless }], clusters: [{ cluster }], users: [{ user }] },
      { clusters: [{ cluster }], users: [{ user }] },
    ]) {
      expect(await chosenFrom([config])).toMatchObject({ cluster, user });
    }
    const { description } = await chosenFrom([
      { contexts: [{ context: nameless }], clusters: [{ cluster }] },
    ]);
    expect(description).toMatch(/^context without a name \(/);
    const error = await failureOf(chosenFrom([{ contexts: [{ context: nameless }] }]));
    expect(error.message).toBe("Cannot choose a cluster: context without a name names no cluster");
  });

  test("no current-context, but --cluster and --user", async () => {
    const config = kubeconfig({}, { token: "T" }, { "current-context": "" });
    expect(await chosenFrom([config], { cluster: "dev", user: "dev" })).toMatchObject({
      cluster: { server: "https://dev.example:6443" },
      user: { token: "T" },
    });
  });

  test("no kubeconfig at all", async () => {
    const here = workplace();
    expect(await failureOf(accessFor({}, here.deps()))).toMatchObject({
      message:
        "Cannot choose a cluster: ~/.kube/config is missing or empty, and flamingo does not run in a cluster",
      hint: "Set KUBECONFIG, or add --kubeconfig FILE or --api-server URL",
    });
  });

  test("no kubeconfig, but --api-server", async () => {
    const here = workplace();
    expect(await accessFor({ apiServer: "https://u:p@api", token: "T" }, here.deps())).toMatchObject({
      cluster: { server: "https://u:p@api" },
      user: { token: "T" },
      description: "server https://api",
    });
  });

  test("flags that are empty count as not given", async () => {
    const flags = { context: "", cluster: "", user: "", token: "", kubeconfig: "", apiServer: "" };
    expect((await chosenFrom([kubeconfig({}, { token: "T" })], flags)).user.token).toBe("T");
  });
});

describe("flags over the kubeconfig", () => {
  const cluster = { "certificate-authority-data": base64("CA"), "tls-server-name": "api" };
  const user = {
    "client-certificate-data": base64("CERT"),
    "client-key-data": base64("KEY"),
    as: "ada",
    "as-groups": ["g"],
    "as-uid": "7",
  };

  test.each<[string, ConnectionFlags, object]>([
    [
      "--api-server forgets the tls-server-name",
      { apiServer: "https://b" },
      { cluster: { server: "https://b", tlsServerName: undefined, certificateAuthorityData: "CA" } },
    ],
    [
      "--tls-server-name",
      { apiServer: "https://b", tlsServerName: "c" },
      { cluster: { tlsServerName: "c" } },
    ],
    [
      "--certificate-authority replaces the data",
      { certificateAuthority: "my.crt" },
      {
        cluster: {
          certificateAuthority: expect.stringMatching(/^\/.*\/my\.crt$/),
          certificateAuthorityData: undefined,
        },
      },
    ],
    [
      "--insecure-skip-tls-verify forgets the CA",
      { insecureSkipTlsVerify: true },
      {
        cluster: {
          insecureSkipTlsVerify: true,
          certificateAuthorityData: undefined,
          certificateAuthority: undefined,
        },
      },
    ],
    [
      "--client-certificate and --client-key replace the data",
      { clientCertificate: "a", clientKey: "b" },
      {
        user: {
          clientCertificate: expect.stringMatching(/^\/.*\/a$/),
          clientCertificateData: undefined,
          clientKey: expect.stringMatching(/^\/.*\/b$/),
          clientKeyData: undefined,
        },
      },
    ],
    [
      "--token replaces the certificate, not the impersonation",
      { token: "T" },
      { user: { token: "T", impersonate: { user: "ada", uid: "7", groups: ["g"], extra: {} } } },
    ],
    [
      "--as keeps the groups",
      { as: "bob" },
      { user: { impersonate: { user: "bob", uid: "7", groups: ["g"], extra: {} } } },
    ],
    [
      "--as-group replaces the groups",
      { asGroup: ["h", "i"] },
      { user: { impersonate: { user: "ada", uid: "7", groups: ["h", "i"], extra: {} } } },
    ],
    [
      "--as-uid",
      { asUid: "8" },
      { user: { impersonate: { user: "ada", uid: "8", groups: ["g"], extra: {} } } },
    ],
  ])("%s", async (_, flags, expected) => {
    const access = await chosenFrom([kubeconfig(cluster, user)], flags);
    expect(access).toMatchObject(expected);
    if (flags.token) expect(access.user.clientCertificateData).toBeUndefined();
  });

  test("--insecure-skip-tls-verify=false keeps the CA", async () => {
    const config = kubeconfig({ "insecure-skip-tls-verify": true });
    expect((await chosenFrom([config], { insecureSkipTlsVerify: false })).cluster.insecureSkipTlsVerify).toBe(
      false,
    );
  });

  test("--as-group without --as is a wrong command line", async () => {
    expect(await failureOf(chosenFrom([kubeconfig()], { asGroup: ["g"] }))).toMatchObject({
      message: "Cannot impersonate a group or uid alone: --as is missing",
      hint: "Add --as USER",
      exitCode: 2,
    });
  });

  test("as-groups without as in the kubeconfig", async () => {
    const error = await failureOf(chosenFrom([kubeconfig({}, { "as-groups": ["g"] })]));
    expect(error).toMatchObject({
      exitCode: 1,
      hint: "Add --as USER, or correct the user in the kubeconfig",
    });
  });
});

describe("in a cluster", () => {
  function pod(files: Record<string, string>) {
    const here = workplace();
    for (const [name, content] of Object.entries(files)) here.write(`account/${name}`, content);
    const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    return { here, deps: here.deps({ env, serviceAccountDirectory: path.join(here.folder, "account") }) };
  }
  const account = { token: "T", "ca.crt": "CA", namespace: "argocd\n" };

  test("the service account of the pod", async () => {
    const { here, deps } = pod(account);
    expect(await accessFor({}, deps)).toMatchObject({
      cluster: { server: "https://[fd00::1]:443", certificateAuthority: `${here.folder}/account/ca.crt` },
      user: { tokenFile: `${here.folder}/account/token` },
      namespace: "argocd",
      description: "the cluster that flamingo runs in",
    });
  });

  test("flags lie over it", async () => {
    const { deps } = pod(account);
    expect(await accessFor({ token: "mine", as: "ada" }, deps)).toMatchObject({
      user: { token: "mine", impersonate: { user: "ada" } },
    });
    expect(await accessFor({ token: "mine" }, deps)).not.toHaveProperty("user.tokenFile");
  });

  test("a kubeconfig is stronger; one without current-context is not", async () => {
    const { here, deps } = pod(account);
    here.write(".kube/config", kubeconfig());
    expect((await accessFor({}, deps)).description).toBe("context dev (~/.kube/config)");
    here.write(".kube/config", kubeconfig({}, {}, { "current-context": "" }));
    expect((await accessFor({}, deps)).description).toBe("the cluster that flamingo runs in");
  });

  test("without a token it is none", async () => {
    const { deps } = pod({ "ca.crt": "CA" });
    expect((await failureOf(accessFor({}, deps))).message).toContain("flamingo does not run in a cluster");
  });
});
