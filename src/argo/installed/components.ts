import type { Container, PodRunner } from "../../kube/kinds.js";
import { type Role, roleOf, roles } from "./role.js";

/** One container of one Deployment or StatefulSet that is a part of Argo CD. */
export interface ArgoComponent {
  role: Role;
  /** "Deployment" or "StatefulSet" */
  kind: string;
  name: string;
  container: string;
  image: string;
  /** replicas asked for, and those that are ready */
  wanted: number;
  ready: number;
}

/**
 * What a Deployment or StatefulSet runs of Argo CD; as a rule one component or none. Init containers are no components,
 * though several use Argo CD's image: `copyutil` takes a program out of it, `secret-init` needs one that no FSA image has.
 */
export function componentsOf(runner: PodRunner): ArgoComponent[] {
  const { kind, metadata, spec, status } = runner;
  const component = (role: Role, { name = "", image = "" }: Container): ArgoComponent => ({
    role,
    kind,
    name: metadata.name,
    container: name,
    image,
    wanted: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
  });
  const containers = (spec?.template?.spec?.containers ?? []).filter(({ image }) => image);
  const running = containers.flatMap((container) => {
    const role = roleOf(container);
    return role ? [component(role, container)] : [];
  });
  if (running.length > 0) return running;
  const role = labelledRole(labelsOf(runner));
  const container = role && containerOf(role, containers);
  return container ? [component(role, container)] : [];
}

export function labelsOf({ metadata, spec }: PodRunner): Record<string, string> {
  return { ...spec?.template?.metadata?.labels, ...metadata.labels };
}

/** The manifests, the Helm chart and the operator label alike; the chart's redis of several nodes is a chart of its own. */
function labelledRole(labels: Record<string, string>): Role | undefined {
  if (labels["app.kubernetes.io/part-of"] === "argocd")
    return roles.find((role) => role === labels["app.kubernetes.io/component"]);
  return labels["app"] === "redis-ha" ? "redis" : undefined;
}

/** Argo CD's own program must be in a container that says so, since sidecars and extensions carry its labels, too. */
function containerOf(role: Role, containers: readonly Container[]): Container | undefined {
  const names: Partial<Record<Role, string[]>> = { redis: ["redis", "haproxy"], "dex-server": ["dex", role] };
  const found = containers.find(({ name = "" }) => (names[role] ?? [role]).includes(name));
  // early releases of the chart named the container of redis after the release of Helm
  return found ?? (role === "redis" && containers.length === 1 ? containers[0] : undefined);
}
