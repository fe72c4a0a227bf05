/** Looks for the Argo CDs of a cluster. What they are is worked out in `argo/installed/`. */
import { componentsOf } from "../argo/installed/components.js";
import type { InstalledArgo, VersionAnswer } from "../argo/installed/evidence.js";
import { installedArgos } from "../argo/installed/installed.js";
import { ArgoCd, ManagingApplication, possibleApplication } from "../argo/installed/owner.js";
import { allOf } from "../kube/all-of.js";
import type { PodRunner } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { PodRunners } from "../kube/pod-runner.js";
import { heard } from "./argo-heard.js";
import { askVersion } from "./argo-version.js";

/** Which Deployments and StatefulSets to keep for {@link readInstalledArgos} from one listing for several purposes. */
export function isArgoComponent(runner: PodRunner): boolean {
  return componentsOf(runner).length > 0;
}

/**
 * The Argo CDs among these objects. Asks the cluster only for what they do not tell: who else there is to keep them, and,
 * of those whose image tells no version, the server itself. What cannot be found out is told in `unknown`.
 */
export async function readInstalledArgos(kube: Kube, listed: PodRunners): Promise<InstalledArgo[]> {
  const seen = installedArgos(listed);
  const [answers, operated, applications, served] = await Promise.all([
    askVersions(kube, seen, listed.runners),
    heard(allOf(kube.list(ArgoCd))),
    heard(findApplications(kube, seen, listed.runners)),
    heard(kube.servedVersion(ManagingApplication)),
  ]);
  return installedArgos({
    ...listed,
    answers,
    ...("value" in operated ? { operated: operated.value } : {}),
    ...("value" in applications ? { applications: applications.value } : {}),
    ownersUnknown: [operated, applications].flatMap((one) => ("unknown" in one ? [one.unknown] : [])),
    ...("value" in served ? { applicationsServed: served.value !== undefined } : {}),
  });
}

async function askVersions(
  kube: Kube,
  installs: readonly InstalledArgo[],
  runners: readonly PodRunner[],
): Promise<Map<string, VersionAnswer>> {
  const unclear = installs.filter(({ versionFrom }) => versionFrom !== "image");
  const answers = await Promise.all(
    unclear.map(async ({ namespace, components }) => {
      const component = components.find(({ role }) => role === "server");
      const server = runners.find(
        ({ kind, metadata }) =>
          kind === component?.kind && metadata.name === component.name && metadata.namespace === namespace,
      );
      return server ? [[namespace, await askVersion(kube, server)] as const] : [];
    }),
  );
  return new Map(answers.flat());
}

/** The Applications that may keep an install of which nobody else is known to. */
async function findApplications(
  kube: Kube,
  installs: readonly InstalledArgo[],
  runners: readonly PodRunner[],
): Promise<ManagingApplication[]> {
  const refs = installs.flatMap(({ namespace, owner }) => {
    const own = runners.filter(
      (runner) => runner.metadata.namespace === namespace && isArgoComponent(runner),
    );
    return owner
      ? []
      : [...new Set(own.map(possibleApplication))].flatMap((name) => (name ? [{ namespace, name }] : []));
  });
  const found = await Promise.all(refs.map((ref) => kube.find(ManagingApplication, ref)));
  return found.flatMap((application) => application ?? []);
}
