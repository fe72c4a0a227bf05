import { setMaxListeners } from "node:events";
import {
  type AgentOptions,
  type ClientRequestArgs,
  type Agent as HttpAgent,
  Agent as PlainAgent,
} from "node:http";
import { type RequestOptions, Agent as TlsAgent } from "node:https";
import type { Duplex } from "node:stream";
import { UserError } from "../../errors.js";
import type { ChosenProxy } from "./server-address.js";
import { authoritiesOf, type KeyPair, secureContextFor, type TlsSettings } from "./tls-settings.js";
import type { Destination } from "./tunnel-error.js";

export interface AgentSettings {
  /** undefined for a server that is reached over http */
  tlsSettings: TlsSettings | undefined;
  proxy: ChosenProxy | undefined;
  /** ends what is on its way through a proxy */
  signal: AbortSignal;
  /** for errors: "context dev" */
  description: string;
}

export interface ServerAgents {
  agent: HttpAgent;
  /** for requests that stay open */
  streamAgent: HttpAgent;
  /** From now on connections show this client certificate; those with another one are not used again. */
  setCertificate(certificate: KeyPair, doing: string): void;
  /** Closes all sockets, also those that are still making their way through a proxy. */
  close(): void;
}

/**
 * One agent for everything that is asked of one server: connections are kept and shared, TLS sessions resumed. And one for
 * what stays open, since a few watches would leave no connection to the others.
 *
 * @throws UserError when the client certificate and its key do not work together
 */
export function agentsFor(settings: AgentSettings): ServerAgents {
  const { tlsSettings, proxy, description } = settings;
  const closing = new AbortController();
  const tls = tlsSettings && tlsOptions(tlsSettings, `Cannot connect to ${description}`);
  const agentWith = (common: AgentOptions) =>
    tls ? new SecureAgent({ ...common, ...tls }) : new PlainAgent(common);
  const agent = agentWith({ keepAlive: true, maxSockets: 16 });
  const streamAgent = agentWith({});
  if (proxy) {
    const signal = AbortSignal.any([settings.signal, closing.signal]);
    // each connection listens to it; beyond ten Node would warn of a leak on stderr
    setMaxListeners(0, signal);
    for (const one of [agent, streamAgent]) leadThrough(proxy, one, settings, signal);
  }
  return {
    agent,
    streamAgent,
    setCertificate(certificate, doing) {
      if (!tlsSettings) return;
      const renewed = tlsOptions({ ...tlsSettings, certificate }, doing);
      for (const one of [agent, streamAgent]) {
        if (one instanceof TlsAgent) Object.assign(one.options, renewed);
      }
    },
    close() {
      closing.abort();
      agent.destroy();
      streamAgent.destroy();
    },
  };
}

type TlsOptions = ReturnType<typeof tlsOptions>;

function tlsOptions(tlsSettings: TlsSettings, doing: string) {
  const { servername, rejectUnauthorized, certificate } = tlsSettings;
  return {
    openContext: secureContextFor(tlsSettings, doing),
    rejectUnauthorized,
    ...(servername === undefined ? {} : { servername }),
    // the context holds it already; here it keeps connections of different certificates apart (Agent.getName)
    ...(certificate ? { cert: certificate.cert } : {}),
  };
}

/** Takes its TLS context, which is dear, only when it connects. */
class SecureAgent extends TlsAgent {
  override createConnection(...[options, callback]: Parameters<TlsAgent["createConnection"]>) {
    // Node hands on what the agent was made with
    const { openContext } = options as RequestOptions & TlsOptions;
    const withContext = { ...options, secureContext: openContext() };
    return super.createConnection(withContext, callback);
  }
}

/**
 * Replaces the agent's way to connect: first the tunnel, then what it does by itself on top of that socket. Node counts a
 * connection for `maxSockets` only when it stands, so a burst of requests opens one tunnel each.
 */
function leadThrough(
  proxy: ChosenProxy,
  agent: HttpAgent,
  { tlsSettings }: AgentSettings,
  signal: AbortSignal,
): void {
  const connectDirectly = agent.createConnection.bind(agent);
  const connect = async (options: ClientRequestArgs): Promise<Duplex | null | undefined> => {
    const destination = { host: options.host ?? "localhost", port: Number(options.port) };
    // loaded here: most commands meet no proxy
    const { openTunnel } = await import("./tunnel.js");
    const authorities = () => (tlsSettings && authoritiesOf(tlsSettings)) ?? [];
    const socket = await openTunnel(proxy.url, destination, { signal, authorities }).catch((error) => {
      throw cannotPass(proxy, destination, error);
    });
    const overTunnel = { ...options, socket } as ClientRequestArgs;
    return agent instanceof TlsAgent ? connectDirectly(overTunnel) : socket;
  };
  agent.createConnection = (options, callback) => {
    connect(options).then(
      (socket) => callback?.(null, socket as Duplex),
      (error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  };
}

function cannotPass(proxy: ChosenProxy, { host, port }: Destination, error: Error): UserError {
  return new UserError(
    `Cannot connect to ${host}:${port} through the proxy ${proxy.shown}: ${error.message}`,
    { hint: proxy.hint, cause: error },
  );
}
