/** Looks for the page of an Argo CD: the Service that leads to its server, and what that speaks. */
import type { ServerSettings } from "../argo/installed/server-settings.js";
import { ExitCode, UserError } from "../errors.js";
import { allOf } from "../kube/all-of.js";
import { Deployment, Service } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";
import { permitted } from "../kube/permitted.js";
import { readPodRunners } from "../kube/pod-runner.js";
import { andList } from "../text/and-list.js";
import { isArgoComponent } from "./argo.js";
import { portsOf, type ServerAddress, serviceBefore, usualPorts } from "./argo-address.js";
import { readServerSettings, type ServerPart, serverAmong } from "./argo-server.js";

export interface FoundServer extends ServerSettings {
  service: string;
  /** of the Service, the one for what the server speaks */
  port: number;
  /** what could not be read, so that it is taken to be as usual: "cannot list Services in argocd: …" */
  unknown: string[];
}

/**
 * @param namespace where Argo CD runs
 * @param name of the Service, where somebody knows better
 * @throws UserError when no server runs there (exit code 5)
 */
export async function findServer(reader: Reader, namespace: string, name?: string): Promise<FoundServer> {
  const deployments = await permitted(allOf(reader.list(Deployment, { namespace })));
  const part = serverAmong(deployments.found ?? []);
  if (!part && deployments.found && name === undefined)
    throw await noServer(reader, namespace, "reach Argo CD's server");
  const [settings, services] = await Promise.all([
    permitted(part ? readServerSettings(reader, namespace, part) : nothing),
    permitted(allOf(reader.list(Service, { namespace }))),
  ]);
  const { scheme, rootPath } = settings.found ?? { scheme: "https", rootPath: "" };
  const { service, ports } = addressAmong(services.found ?? [], part, name);
  const fitting = [...ports, ...usualPorts].find((one) => one.scheme === scheme);
  return {
    service,
    port: fitting?.port ?? 443,
    scheme,
    rootPath,
    unknown: [deployments, settings, services].flatMap(({ unknown }) => unknown),
  };
}

const nothing = Promise.resolve(undefined);

function addressAmong(
  services: readonly Service[],
  part: ServerPart | undefined,
  name: string | undefined,
): Pick<ServerAddress, "service" | "ports"> {
  if (name !== undefined) {
    const named = services.find(({ metadata }) => metadata.name === name);
    return { service: name, ports: named ? portsOf(named) : [] };
  }
  const usual = { service: part?.runner.metadata.name ?? "argocd-server", ports: [] };
  return (part && serviceBefore(part.runner, services)) ?? usual;
}

/**
 * Why there is no server of Argo CD in a namespace: it is a core install, or somewhere else.
 *
 * @param doing what fails for it, after "Cannot"
 */
export async function noServer(reader: Reader, namespace: string, doing: string): Promise<UserError> {
  const { runners } = await readPodRunners(reader, [namespace], isArgoComponent);
  if (runners.some(({ metadata }) => metadata.namespace === namespace)) {
    return new UserError(
      `Cannot ${doing}: the Argo CD in ${namespace} is a core install, which has no server`,
      {
        hint: `Look at it with: argocd admin dashboard -n ${namespace}`,
        exitCode: ExitCode.notFound,
      },
    );
  }
  const elsewhere = [
    ...new Set(runners.flatMap((one) => serverAmong([one])?.runner.metadata.namespace ?? [])),
  ];
  const [first] = elsewhere;
  const where = first === undefined ? "" : `; one runs in ${andList(elsewhere)}`;
  return new UserError(`Cannot ${doing}: no Argo CD runs in ${namespace}${where}`, {
    hint:
      first === undefined
        ? "Install Argo CD first: flamingo install; or choose another --context"
        : `Add --argocd-namespace ${first}`,
    exitCode: ExitCode.notFound,
  });
}
