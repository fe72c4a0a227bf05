import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { readObjects } from "../cluster/yaml.js";
import { setData } from "./argocd-settings.js";
import type { Rig } from "./e2e.js";
import { serve } from "./http-server.js";
import { type ArgocdVersion, argocdFile, argocdVersions } from "./programs.js";

/** Those of Argo CD's catalog that say how it goes. on-sync-running is not among them: natively it is sent or not, by chance. */
const triggers = [
  "on-deployed",
  "on-health-degraded",
  "on-sync-failed",
  "on-sync-status-unknown",
  "on-sync-succeeded",
];

/** Annotations that subscribe an Application. What is sent does not tell its trigger, so each trigger has a webhook of its own. */
export const subscriptions: Readonly<Record<string, string>> = Object.fromEntries(
  triggers.map((trigger) => [`notifications.argoproj.io/subscribe.${trigger}.${trigger}`, ""]),
);

export interface Notifications {
  /** The triggers of what was sent about an Application, in the order in which it came: "on-sync-succeeded", "on-deployed". */
  of(application: string): string[];
}

/**
 * For the time of the test, Argo CD's notifications controller knows the catalog of a release, word for word, and sends to us what
 * Applications with {@link subscriptions} ask for.
 */
export async function receiveNotifications(
  rig: Rig,
  catalogOf: ArgocdVersion = argocdVersions[0],
): Promise<Notifications> {
  const received: { trigger: string; message: string }[] = [];
  const receiver = await serve(async (request, response) => {
    received.push({ trigger: request.url?.slice(1) ?? "", message: await text(request) });
    response.end();
  });
  onTestFinished(receiver.stop);
  const [catalog] = readObjects(await argocdFile(catalogOf, "notifications_catalog/install.yaml"));
  const webhooks = triggers.map((trigger) => [
    `service.webhook.${trigger}`,
    `url: ${receiver.url}/${trigger}`,
  ]);
  await setData(rig, "argocd-notifications-cm", {
    ...(catalog?.["data"] as Record<string, string>),
    ...Object.fromEntries(webhooks),
  });
  return {
    of: (application) =>
      received
        .filter(({ message }) => /\bapplication (\S+)/i.exec(message)?.[1] === application)
        .map(({ trigger }) => trigger),
  };
}
