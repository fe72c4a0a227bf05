import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { createAuthority, issueCertificate } from "../test/cluster/certificates.js";
import type { ClusterConnection } from "../test/cluster/connection.js";
import { kubeconfigFor } from "../test/cluster/kubeconfig.js";

/** Answers by path, whatever the query; anything else is a 404 as the API server says it. */
export type Answers = Readonly<Record<string, unknown>>;

export interface StandIn {
  /** The kubeconfig that leads here, with a client certificate in it. @param cluster fields of its cluster, undefined for none */
  kubeconfig(cluster?: Record<string, unknown>): string;
  /** PEM of the authority that signed the server's certificate */
  authority: string;
  /** "GET /apis" */
  requests: string[];
  stop(): void;
}

/** An API server that costs no time of its own, so that start-up is what is measured: TLS with client certificates. */
export async function startStandIn(answers: Answers): Promise<StandIn> {
  const authority = createAuthority();
  const serving = issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  const texts = new Map(Object.entries(answers).map(([path, body]) => [path, JSON.stringify(body)]));
  const requests: string[] = [];
  const tls = { ...serving, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(tls, (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "https://api");
    requests.push(`${request.method} ${pathname}`);
    const text = texts.get(pathname);
    const status = text === undefined ? 404 : 200;
    response.writeHead(status, { "content-type": "application/json" }).end(text ?? notFound(pathname));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const sockets = new Set<TLSSocket>();
  server.on("secureConnection", (socket) => sockets.add(socket));
  const connection: ClusterConnection = {
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority,
    tokens: { admin: "", alice: "", bob: "", carol: "" },
    folder: "",
  };
  const { clusters, ...others } = kubeconfigFor(connection, { certificate: { user: "ada" } });
  return {
    kubeconfig: (fields = {}) =>
      JSON.stringify({
        ...others,
        clusters: clusters.map(({ name, cluster }) => ({ name, cluster: { ...cluster, ...fields } })),
      }),
    authority: authority.cert,
    requests,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function notFound(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return JSON.stringify({
    kind: "Status",
    code: 404,
    reason: "NotFound",
    message: `${name} not found`,
    details: { name },
  });
}
