/** Which way leads to the redis that Argo CD is told of. */

import type { Duplex } from "node:stream";
import { UserError } from "../../errors.js";
import { isForbidden } from "../../kube/failure.js";
import { Service } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { RedisAccess } from "./access.js";
import { describeAddress, isLoopback, type RedisAddress, serviceNamed } from "./address.js";
import { connectOver, connectToMaster } from "./connect.js";
import type { Login } from "./login.js";
import type { RedisSettings } from "./settings.js";
import { connectTo, type TlsSettings } from "./transport.js";

export interface RouteOptions {
  kube: Kube;
  /** where Argo CD runs */
  namespace: string;
  /** `--redis`: redis is there, seen from here */
  address?: RedisAddress | undefined;
  /** whether flamingo itself runs in the cluster, where names of Services lead to them */
  isInCluster: boolean;
  /** a stream to a Service through the API server, see `serviceForward()` */
  forward(to: { namespace: string; service: string; port: number }): Promise<Duplex>;
}

/**
 * Straight to the address that `--redis` names, and straight to Argo CD's own address from inside the cluster and where that is
 * outside of it; else to its Service through the API server.
 *
 * @throws UserError where no way leads there
 */
export async function routeTo(
  { address: told, toldTo }: RedisSettings,
  options: RouteOptions,
  { tls, sentinelLogin }: { tls: TlsSettings | undefined; sentinelLogin: Login },
): Promise<Pick<RedisAccess, "target" | "connect">> {
  const { namespace, address: wanted, isInCluster } = options;
  if (wanted) {
    // the certificate is made for the name that Argo CD uses, not for the end of somebody's port-forward
    const name = "host" in told ? told.host : wanted.host;
    return { target: describeAddress(wanted), connect: connectOver(() => connectTo(wanted), name, tls) };
  }
  if ("sentinels" in told) {
    const sentinels = told.sentinels.map((one) => fromAnywhere(one, namespace));
    const target = `${told.master} (of Sentinel ${sentinels.map(describeAddress).join(", ")})`;
    if (!isInCluster)
      throw unreachable(target, "only Pods of the cluster get from the Sentinels to the master");
    return { target, connect: connectToMaster({ ...told, sentinels }, { login: sentinelLogin, tls }) };
  }
  const address = fromAnywhere(told, namespace);
  const target = describeAddress(address);
  if (isLoopback(told.host)) throw unreachable(target, `only ${toldTo} gets there, inside its own Pod`);
  const open = isInCluster ? () => connectTo(address) : await openFromOutside(told, target, options);
  return { target, connect: connectOver(open, told.host, tls) };
}

/** The bare name of a Service means one beside Argo CD, wherever flamingo runs. */
function fromAnywhere({ host, port }: RedisAddress, namespace: string): RedisAddress {
  const isBare = !host.includes(".") && !isLoopback(host) && serviceNamed(host, namespace) !== undefined;
  return { host: isBare ? `${host}.${namespace}` : host, port };
}

async function openFromOutside(
  address: RedisAddress,
  target: string,
  { kube, namespace, forward }: RouteOptions,
): Promise<() => Promise<Duplex>> {
  const named = serviceNamed(address.host, namespace);
  if (!named) return () => connectTo(address);
  const { isCertain, ...to } = named;
  const service = await findService(kube, { namespace: to.namespace, name: to.service });
  const elsewhere = service !== "unknown" && service?.spec?.externalName;
  if (elsewhere) return () => connectTo({ ...address, host: elsewhere });
  if (service === undefined && isCertain)
    throw unreachable(target, `there is no Service ${to.service} in ${to.namespace}`);
  if (service === undefined || (service === "unknown" && !isCertain)) return () => connectTo(address);
  return () => forward({ ...to, port: address.port });
}

function unreachable(target: string, why: string): UserError {
  return new UserError(`Cannot reach redis at ${target}: ${why}`, {
    hint: "Run flamingo in the cluster, or name an address that can be reached from here with --redis HOST:PORT",
  });
}

/** "unknown" without the right to know. */
async function findService(
  kube: Kube,
  ref: { namespace: string; name: string },
): Promise<Service | "unknown" | undefined> {
  try {
    return await kube.find(Service, ref);
  } catch (error) {
    if (isForbidden(error)) return "unknown";
    throw error;
  }
}
