import type { Agent } from "node:http";

/**
 * A way to one API server: where it is, how it is reached, and who we are there. Made by `openTransport()` from a
 * kubeconfig and flags; used by the JSON client, which knows nothing about credentials.
 */
export interface Transport {
  /** The API server's address, which may have a path ("https://rancher.example/k8s/clusters/c-1"). */
  readonly server: URL;
  /** One keep-alive agent with TLS settings, client certificate and proxy in it. */
  readonly agent: Agent;
  /** The same for requests that stay open (a watch): each gets a connection of its own, and nobody waits for it. */
  readonly streamAgent: Agent;
  /** Values that must never be printed (tokens, passwords); grows when credentials are renewed. */
  readonly secrets: ReadonlySet<string>;
  /**
   * Authorization and impersonation headers of the moment; runs an exec plugin or refreshes a token where needed, and
   * puts a plugin's client certificate into the agents. Ask before each try. A header that is sent several times
   * (`Impersonate-Group`, once a group: the API server does not split it) is a list.
   *
   * @throws UserError when there are no valid credentials: a plugin that fails, a login that has expired
   */
  headers(): Promise<Record<string, string | string[]>>;
  /** After a 401: drops cached credentials. True when asking again with {@link headers} can make a difference. */
  renew(): boolean;
  /** Whether answers are to come uncompressed, by flag or kubeconfig. */
  readonly disableCompression: boolean;
  /** Of the chosen context: words for errors, such as "context kind-dev (~/.kube/config)". */
  readonly description: string;
  /** Sockets closed, so that the process can end. What became a WebSocket belongs to its user, who ends it. */
  close(): void;
}
