/** Asks an Argo CD's server for its version, through the API server's proxy for Services. */
import type { VersionAnswer } from "../argo/installed/evidence.js";
import { versionIn } from "../argo/installed/version.js";
import { isForbidden } from "../kube/failure.js";
import type { PodRunner } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import { findAddress, type ServerAddress, usualAddress } from "./argo-address.js";
import { heard } from "./argo-heard.js";

/** The API server waits 30 s for a pod that does not answer; nobody is kept that long for a version. */
const patience = 5_000;

/**
 * What `server`, the object that runs argocd-server, answers at /api/version: without logging in, that is the version alone
 * (Argo CD 2.2 to 3.6). Takes one request or two; a renamed Service or a root path takes two to find and one to ask.
 *
 * @param patienceMs for each request
 */
export async function askVersion(
  kube: Kube,
  server: PodRunner,
  patienceMs = patience,
): Promise<VersionAnswer> {
  const doing = `ask the server of Argo CD in ${server.metadata.namespace} for its version`;
  const first = await askAt(kube, usualAddress(server), doing, patienceMs);
  if (first !== "nothing there") return first;
  const found = await heard(findAddress(kube, server));
  if ("unknown" in found) return { unknown: found.unknown };
  const second = found.value ? await askAt(kube, found.value, doing, patienceMs) : first;
  return second === "nothing there" ? { unknown: `cannot ${doing}: no Service leads to it` } : second;
}

/** Nothing is there where the API server knows no such Service or port, and where Argo CD knows no such path. */
async function askAt(
  kube: Kube,
  { namespace, service, ports, rootPath }: ServerAddress,
  doing: string,
  patienceMs: number,
): Promise<VersionAnswer | "nothing there"> {
  let failure: VersionAnswer | undefined;
  for (const { scheme, port } of ports) {
    const path = `/api/v1/namespaces/${namespace}/services/${scheme}:${service}:${port}/proxy${rootPath}/api/version`;
    const answer = await heard(kube.read(path, doing, { once: true }), { patienceMs, doing });
    if ("value" in answer)
      return answer.value === undefined ? "nothing there" : versionOf(answer.value, doing);
    if (/no service port/.test(answer.unknown)) return "nothing there";
    failure ??= { unknown: answer.unknown };
    // by another scheme it would be no better
    if (isForbidden(answer.error) || /no endpoints available|no answer within/.test(answer.unknown)) break;
  }
  return failure ?? "nothing there";
}

function versionOf(body: unknown, doing: string): VersionAnswer {
  const said = typeof body === "object" && body !== null && "Version" in body ? body.Version : undefined;
  const version = typeof said === "string" ? versionIn(said) : undefined;
  if (version !== undefined) return { version };
  const answer = said === undefined ? "no version" : `${JSON.stringify(said)}, which is none`.slice(0, 80);
  return { unknown: `cannot ${doing}: it answers ${answer}` };
}
