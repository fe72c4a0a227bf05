/** Which Argo CDs a cluster has, worked out from what was seen of it. */
import type { KubeObject } from "../../kube/object.js";
import { idOf, renderId } from "../../kube/object-id.js";
import { type ArgoImage, readArgoImage } from "../image.js";
import { componentsOf, labelsOf } from "./components.js";
import { disagreementsIn, sharedNames } from "./disagreements.js";
import type { ArgoEvidence, InstalledArgo, Part } from "./evidence.js";
import { type ArgoOwner, ownerOf, possibleApplication } from "./owner.js";
import { roles, tellingRoles } from "./role.js";
import { versionOf } from "./version.js";

/**
 * One record for each namespace in which an Argo CD runs, or in which the operator was asked for one; sorted by namespace.
 * A namespace with nothing but redis, dex or an extension is none.
 */
export function installedArgos(evidence: ArgoEvidence): InstalledArgo[] {
  const parts = evidence.runners.flatMap((runner) =>
    componentsOf(runner).map((component) => ({ component, runner })),
  );
  const wanted = (evidence.operated ?? []).map(namespaceOf);
  const running = parts.filter(isTelling).map(({ runner }) => namespaceOf(runner));
  const installs = [...new Set([...running, ...wanted])].sort().map((namespace) => {
    const own = parts.filter(({ runner }) => namespaceOf(runner) === namespace);
    return installIn(namespace, inOrder(withoutStrangers(own)), evidence);
  });
  return installs.map((install) => ({
    ...install,
    disagreements: [...install.disagreements, ...sharedNames(install, installs)],
  }));
}

function installIn(namespace: string, parts: Part[], evidence: ArgoEvidence): InstalledArgo {
  const others = { operated: evidence.operated ?? [], applications: evidence.applications ?? [] };
  const argoParts = parts.filter(({ component: { role } }) => role !== "redis" && role !== "dex-server");
  const lacks = tellingRoles.filter((role) => !parts.some(({ component }) => component.role === role));
  const unseen = lacks.length > 0 ? evidence.unknown : [];
  const image = imageOf(parts, unseen);
  const answer = evidence.answers?.get(namespace);
  const ownerOfPart = ({ runner }: Part) => ownerOf(runner, others);
  const owner =
    argoParts.map(ownerOfPart).find((one) => one !== undefined) ?? operatorIn(namespace, others.operated);
  return {
    namespace,
    image,
    ...versionOf(parts.filter(isTelling), answer),
    components: parts.map(({ component }) => component),
    ...(owner ? { owner } : {}),
    layout: layoutOf(parts, unseen),
    disagreements: disagreementsIn(argoParts, ownerOfPart, evidence),
    unknown: [
      ...(image.flavour === "unknown" ? [image.because] : []),
      // as the reason for not knowing the image they are told already
      ...unseen.filter((why) => image.flavour !== "unknown" || !image.because.includes(why)),
      ...(answer && "unknown" in answer ? [answer.unknown] : []),
      ...(owner ? [] : ownerUnknown(argoParts, evidence)),
    ],
  };
}

function imageOf(parts: readonly Part[], unseen: readonly string[]): ArgoImage {
  const first = parts.find(isTelling)?.component;
  const because = (why: string) => ({ flavour: "unknown" as const, image: first?.image ?? "", because: why });
  if (first === undefined) return because(unseen[0] ?? "nothing of it runs");
  if (first.role === "application-controller" || unseen.length === 0) return readArgoImage(first.image);
  return because(`its application-controller was not seen: ${unseen.join("; ")}`);
}

function layoutOf(parts: readonly Part[], unseen: readonly string[]): InstalledArgo["layout"] {
  const has = (role: string) => parts.some(({ component }) => component.role === role);
  const hasHaRedis = parts.some(
    ({ component: { role, kind, container } }) =>
      role === "redis" && (kind === "StatefulSet" || container === "haproxy"),
  );
  if (!has("application-controller") || !has("repo-server")) return "partial";
  if (!has("server")) return unseen.length > 0 ? "partial" : "core";
  return hasHaRedis ? "ha" : "standard";
}

/** Why nobody is known who would put a change back; silent where nothing hints at anybody. */
function ownerUnknown(parts: readonly Part[], { ownersUnknown = [] }: ArgoEvidence): string[] {
  const name = parts.map(({ runner }) => possibleApplication(runner)).find((one) => one !== undefined);
  const hint =
    name === undefined
      ? []
      : [
          `who keeps it is not known: its label app.kubernetes.io/instance: ${name} may be that of an Application, and no Helm release made it`,
        ];
  return [...hint, ...ownersUnknown.map((why) => `who keeps it is not known for sure: ${why}`)];
}

function operatorIn(namespace: string, operated: readonly KubeObject[]): ArgoOwner | undefined {
  const found = operated.find((object) => namespaceOf(object) === namespace);
  return found && { by: "operator", object: renderId(idOf(found)) };
}

/** What runs before what is scaled to nothing, then the most telling first. */
function inOrder(parts: readonly Part[]): Part[] {
  const rank = ({ component: { wanted, role } }: Part) => (wanted > 0 ? 0 : 100) + roles.indexOf(role);
  return parts.toSorted((a, b) => rank(a) - rank(b) || (a.component.name < b.component.name ? -1 : 1));
}

/** A redis of the chart redis-ha belongs to the Argo CD of the same Helm release, if to any. */
function withoutStrangers(parts: readonly Part[]): Part[] {
  const releases = new Set(parts.map(({ runner }) => possibleApplication(runner)));
  return parts.filter(({ runner }) => {
    const labels = labelsOf(runner);
    return labels["app"] !== "redis-ha" || releases.has(labels["release"]);
  });
}

function isTelling({ component: { role } }: Part): boolean {
  return tellingRoles.some((telling) => telling === role);
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? "";
}
