import { componentsOf } from "../argo/installed/components.js";
import {
  objectsForServer,
  type ServerSettings,
  serverSettingsFrom,
} from "../argo/installed/server-settings.js";
import { readTexts } from "../kube/container-texts.js";
import type { Container, PodRunner } from "../kube/kinds.js";
import type { Reader } from "../kube/kube.js";

/** What runs Argo CD's server, and the container in it that is it. */
export interface ServerPart {
  runner: PodRunner;
  container: Container;
}

/** The first of these that runs an Argo CD's server. */
export function serverAmong(runners: readonly PodRunner[]): ServerPart | undefined {
  for (const runner of runners) {
    const component = componentsOf(runner).find(({ role }) => role === "server");
    const containers = runner.spec?.template?.spec?.containers ?? [];
    const container = component && containers.find(({ name = "" }) => name === component.container);
    if (container) return { runner, container };
  }
  return undefined;
}

/** How it serves its page. As a rule takes one request: argocd-cmd-params-cm. */
export async function readServerSettings(
  reader: Reader,
  namespace: string,
  { container }: ServerPart,
): Promise<ServerSettings> {
  return serverSettingsFrom(container, await readTexts(reader, namespace, objectsForServer(container)));
}
