/** Why an install must not be undone. Pure. */
import type { ArgoOwner } from "../../argo/installed/owner.js";
import { ownerOf } from "../../argo/installed/owner.js";
import { UserError } from "../../errors.js";
import { Namespace } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, isOfKind, keyOf, renderId } from "../../kube/object-id.js";
import { andList } from "../../text/and-list.js";
import { isRecord } from "../record.js";
import type { Installed } from "./installed.js";
import { makerOf, ownershipOf } from "./whose.js";

/** @param force what people declared in an Argo CD that goes may go with it, and another engine may run */
export function obstacleTo(installed: Installed, force: boolean): UserError | undefined {
  const kept = ownerAround(installed);
  if (kept) return keptElsewhere(kept.object, kept.owner);
  if (installed.origins.size === 0) return onlyPrinted(installed);
  if (force) return undefined;
  return declaredIn(installed) ?? heldElsewhere(installed);
}

/** Who would bring it back. A Namespace that others keep stays, and is no reason to leave the rest. */
function ownerAround({ there, origins, applications }: Installed) {
  for (const { object } of there) {
    const isOurs = isRecord(object) || origins.get(keyOf(idOf(object))) === "created";
    if (!isOurs || isOfKind(object, Namespace)) continue;
    const owner = ownerOf(object, { operated: [], applications });
    if (owner) return { object, owner };
  }
  return undefined;
}

function keptElsewhere(object: LiveObject, { by, object: owner }: ArgoOwner): UserError {
  const hints: Record<ArgoOwner["by"], string> = {
    Flux: `Take it out of what ${owner} applies: Flux prunes it then`,
    Helm: `Uninstall it with Helm: ${owner}`,
    "Argo CD": `Take it out of what ${owner} applies`,
    operator: `Delete ${owner}: the operator removes the rest`,
  };
  return new UserError(
    `Cannot uninstall ${renderId(idOf(object))}: ${owner} keeps it, and would bring it back`,
    { hint: hints[by] },
  );
}

/** What `--export` printed says nothing of what was there before. */
function onlyPrinted({ namespace }: Installed): UserError {
  return new UserError(
    `Cannot uninstall what was printed by --export and applied by somebody else: the record in ${namespace} does not say what was there before`,
    { hint: "Delete it as it was applied: flamingo install --export … | kubectl delete -f -" },
  );
}

function declaredIn(installed: Installed): UserError | undefined {
  if (!ownershipOf(installed).argo) return undefined;
  const declared = installed.there.filter(
    ({ object }) => makerOf(object, installed) === "declared" && !installed.origins.has(keyOf(idOf(object))),
  );
  if (declared.length === 0) return undefined;
  const what = isAlone(installed)
    ? "the CRDs of Argo CD: there is what flamingo did not make, and would go with them"
    : `the Argo CD in ${installed.namespace}: it has what flamingo did not make, and would go with it`;
  return new UserError(
    `Cannot uninstall ${what}: ${andList(declared.map(({ object }) => renderId(idOf(object))))}`,
    {
      hint: "Move or delete these first, or add --force to let them go; what Applications have applied stays",
    },
  );
}

/** No record tells of it: there are CRDs alone. */
function isAlone({ there }: Installed): boolean {
  return !there.some(({ object }) => isRecord(object));
}

function heldElsewhere({ namespace, heldBy }: Installed): UserError | undefined {
  if (heldBy === undefined) return undefined;
  return new UserError(
    `Cannot uninstall while flamingo loopback runs for the Argo CD in ${namespace} (${heldBy})`,
    { hint: "Stop it with Ctrl-C where it runs, or add --force" },
  );
}
