import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createAuthority, issueCertificate } from "../../cluster/certificates.js";
import { isSharedMissing, sharedArgoInstall } from "../../cluster/shared.js";
import { folderWith } from "../../folder.js";
import { httpProxy } from "../../kube/access/tls-server.js";
import { type Handler, standIn } from "../../kube/stand-in.js";
import { spawnFlamingo } from "../../spawn.js";

const authority = createAuthority();
const hosts = ["argo.example", "127.0.0.1"];
const file = "/v2.8.4/manifests/install.yaml";

/** Runs it as a process, since Node reads NODE_EXTRA_CA_CERTS when it starts. */
async function exportFrom(place: string, env: Record<string, string> = {}) {
  const folder = folderWith({ "ca.pem": authority.cert });
  const trusting = { NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"), XDG_CACHE_HOME: folder };
  const args = ["install", "--version", "v2.8.4", "--export", "--manifests", place];
  return spawnFlamingo(args, { ...trusting, ...env }).ended;
}

const secureStandIn = (handler: Handler) =>
  standIn(handler, issueCertificate(authority, { commonName: "argo.example", hosts }));

describe.skipIf(isSharedMissing("argo-cd/v2.8.4"))("install --export over HTTPS", () => {
  const serve: Handler = ({ url }, response) =>
    void response.writeHead(url === file ? 200 : 404).end(sharedArgoInstall("v2.8.4"));

  test("through a proxy, trusting a private authority", async () => {
    const { url } = await secureStandIn(serve);
    const { port } = new URL(url);
    const proxy = await httpProxy();
    const place = `https://argo.example:${port}`;
    const run = await exportFrom(place, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("✗") });
    expect(run.stdout).toMatch(/^---\napiVersion: v1\nkind: Namespace\n/);
    expect(proxy.seen).toEqual([`CONNECT argo.example:${port}`]);
  });

  test("never on to http", async () => {
    const plain = await standIn(serve);
    const { url } = await secureStandIn((_, response) =>
      response.writeHead(302, { Location: `${plain.url}${file}` }).end(),
    );
    const run = await exportFrom(url);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(
      `✗ Cannot read install.yaml of Argo CD v2.8.4: ${url}${file} redirects to ${plain.url}${file}, which is not followed\n`,
    );
    expect(plain.received).toEqual([]);
  });

  test("not from somebody whom nobody here trusts", async () => {
    const { url } = await secureStandIn(serve);
    const run = await exportFrom(url, { NODE_EXTRA_CA_CERTS: "" });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(
      /: the certificate of \S+ is signed by an authority that is not trusted here\n/,
    );
    expect(run.stderr).toContain("(HTTPS_PROXY, NODE_EXTRA_CA_CERTS); a file will do, too\n");
  });
});
