import { Application } from "../../argo/application.js";
import { conditionType, since } from "../../argo/conditions.js";
import { concurrently } from "../../kube/concurrently.js";
import type { Kube } from "../../kube/kube.js";
import { loopbackFieldManager } from "../../names.js";

/** How the condition begins, by which the next report and other commands know it. */
export const farewellPrefix = "Flux's state was reported until ";

/**
 * What is said where nobody goes on: a condition, which leaves lists as they are, or also that the sync status is not known, of
 * which Argo CD's notifications tell.
 */
export const farewells = ["condition", "unknown"] as const;

export type Farewell = (typeof farewells)[number];

/**
 * Says in every Application that nobody reports it any more. Of this type of condition Argo CD's server tells the message at
 * once where it finds no tree, instead of waiting for one: after redis has forgotten everything the page still answers.
 *
 * @returns how many could be told
 */
export async function sayFarewell(
  kube: Kube,
  applications: readonly Application[],
  { by, now, farewell }: { by: string; now: Date; farewell: Farewell },
): Promise<number> {
  const message = `${farewellPrefix}${now.toISOString().slice(0, 19)}Z by flamingo loopback (${by}), which has stopped`;
  let told = 0;
  const work = concurrently(applications, 8, async ({ metadata, status }) => {
    const { namespace, name } = metadata;
    const others = (status?.conditions ?? []).filter(({ message: text }) => !text.startsWith(farewellPrefix));
    const conditions = since([...others, { type: conditionType.unread, message }], others, now);
    const sync = farewell === "unknown" ? { sync: { status: "Unknown" } } : {};
    const patch = { status: { conditions, ...sync } };
    await kube
      .mergePatch(Application, { namespace, name }, patch, { fieldManager: loopbackFieldManager })
      .then(() => told++)
      // it may be gone; whoever stops does not wait for better times
      .catch(() => {});
  });
  for await (const _ of work);
  return told;
}
