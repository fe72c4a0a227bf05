import { Application } from "../argo/application.js";
import { engineOf, isGenerated } from "../argo/generated.js";
import { toLoopbackForm } from "../argo/loopback-form.js";
import { admitsApplicationsIn } from "../argo/settings.js";
import { UserError } from "../errors.js";
import { readArgoSettings } from "../gather/argo-settings.js";
import { canI } from "../kube/access-review.js";
import { allOf } from "../kube/all-of.js";
import type { Access } from "../kube/asked.js";
import { concurrently } from "../kube/concurrently.js";
import { isMissing } from "../kube/failure.js";
import type { Kube } from "../kube/kube.js";
import { idOf, renderId } from "../kube/object-id.js";
import { fieldManager } from "../names.js";
import { andList } from "../text/and-list.js";
import { missingRights } from "./rights.js";

/**
 * The Applications that only an FSA image shows, of the Argo CD in a namespace: before it goes they have to get the form loopback.
 *
 * @throws UserError where flamingo did not make them all
 */
export async function applicationsLeaving(kube: Kube, namespace: string): Promise<Application[]> {
  const argo = await readArgoSettings(kube, namespace);
  const isAlone = argo.applicationNamespaces.length === 0;
  const all = await allOf(kube.list(Application, isAlone ? { namespace } : {}));
  const applications = all.filter(
    (one) => engineOf(one) === "fsa" && admitsApplicationsIn(one.metadata.namespace ?? "", argo),
  );
  const others = applications.filter((one) => !isGenerated(one)).map((one) => renderId(idOf(one)));
  if (others.length === 0) return applications;
  throw new UserError(
    `Cannot take the FSA image away: flamingo did not make ${andList(others)}, and with a stock Argo CD Sync would apply what ${others.length === 1 ? "it shows" : "they show"} a second time`,
    { hint: "Delete them without cascading first, and make new ones with flamingo generate-app" },
  );
}

/** What people have to do first where not flamingo puts the stock image there; undefined where nothing is. */
export function beforeStock({ length }: readonly Application[]): string | undefined {
  if (length === 0) return undefined;
  const them = length === 1 ? "the Application" : `the ${length} Applications`;
  return `Give ${them} of the FSA image the form that a stock one leaves alone: flamingo generate-app --all -A --engine loopback`;
}

/** @throws UserError where one of these may not be changed */
export async function checkMayChange(kube: Kube, applications: readonly Application[]): Promise<void> {
  const wanted = applications.map(
    ({ metadata: { namespace } }): Access => ({ verb: "patch", kind: Application, namespace }),
  );
  const [access] = await missingRights(kube, wanted);
  if (!access) return;
  throw new UserError(
    `Cannot take the FSA image away: you may not patch Applications in ${access.namespace}, which would be applied a second time`,
    { hint: `Choose another --context or --as, or ask for the right; to check it: ${canI(access)}` },
  );
}

const atOnce = 8;

/**
 * Gives Applications the form loopback, before the image goes that they were made for: a stock Argo CD leaves them alone then.
 *
 * @throws UserError for the first that cannot be changed; others may have been
 */
export async function leaveFsa(kube: Kube, applications: readonly Application[]): Promise<void> {
  const patching = concurrently(applications, atOnce, async (application) => {
    const { name, namespace } = application.metadata;
    const patch = toLoopbackForm(application);
    await kube.mergePatch(Application, { name, namespace }, patch, { fieldManager }).catch((error) => {
      if (!isMissing(error)) throw error;
    });
  });
  for await (const _ of patching);
}
