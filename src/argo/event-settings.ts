/** How Argo CD is told to write Events about Applications, the same for its controller and its server. Pure. */
import { environmentOf, expand, textOf } from "../kube/container/env.js";
import { commandLineOf, valuesOf } from "../kube/container/flags.js";
import type { Container } from "../kube/kinds.js";
import type { AppProject } from "./app-project.js";
import type { Application } from "./application.js";
import { globMatcher } from "./glob.js";
import type { ArgoSettings } from "./settings.js";

/**
 * The labels of an Application, and of its AppProject where it has none of that key, that Events about it get: those that
 * `resource.includeEventLabelKeys` of argocd-cm names, without those of `resource.excludeEventLabelKeys` (`GetAppEventLabels` of
 * util/argo).
 */
export function eventLabelsOf(
  application: Application,
  project: AppProject | undefined,
  { eventLabels: { included, excluded } }: Pick<ArgoSettings, "eventLabels">,
): Record<string, string> {
  if (included.length === 0) return {};
  const isAmong = (patterns: readonly string[], key: string) =>
    patterns.some((pattern) => globMatcher(pattern)(key));
  const labels = { ...project?.metadata.labels, ...application.metadata.labels };
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => isAmong(included, key) && !isAmong(excluded, key)),
  );
}

/**
 * Whether Argo CD's application-controller writes Events of a reason: `--enable-k8s-event`, `ARGOCD_ENABLE_K8S_EVENT`, all when it is
 * told nothing (util/argo/audit_logger.go). What a ConfigMap or Secret gives to the variable is not known, and counts as nothing.
 */
export function writesEvents(reason: string, controller: Container | undefined): boolean {
  const told = controller ? reasonsFor(controller) : [];
  const whole = told.find((word) => word === "all" || word === "none");
  return whole === undefined ? told.length === 0 || told.includes(reason) : whole === "all";
}

function reasonsFor(controller: Container): string[] {
  const kept = { configMaps: new Map(), secrets: new Map() };
  const variables = environmentOf(controller, kept);
  const words = commandLineOf(controller, (word) => expand(word, variables, kept));
  const flags = valuesOf("enable-k8s-event", words);
  const texts = flags.length > 0 ? flags : [textOf(variables.get("ARGOCD_ENABLE_K8S_EVENT"), kept) ?? ""];
  return texts
    .flatMap((text) => text.split(","))
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
