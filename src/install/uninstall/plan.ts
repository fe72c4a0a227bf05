/** What goes when an install is undone, in which order, and what stays. Pure. */
import { Application, ApplicationSet } from "../../argo/application.js";
import { ownerOf } from "../../argo/installed/owner.js";
import { HelmRelease } from "../../flux/helm-release.js";
import { CustomResourceDefinition, Deployment, Namespace, StatefulSet } from "../../kube/kinds.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, isOfKind, keyOf, renderId } from "../../kube/object-id.js";
import { annotation } from "../../names.js";
import { andList } from "../../text/and-list.js";
import { isEngine } from "../engine/names.js";
import { isRecord } from "../record.js";
import type { Installed, Present } from "./installed.js";
import { usersElsewhere } from "./used-elsewhere.js";
import { makerOf, ownershipOf } from "./whose.js";

export interface UninstallWish {
  keepCrds: boolean;
  keepNamespace: boolean;
  /** what people declared in an Argo CD that goes, goes with it */
  force: boolean;
}

export interface UninstallPlan {
  /** one after the other, none of them empty */
  stages: Stage[];
  /** sentences without a full stop */
  stays: string[];
}

export interface Stage {
  objects: Present[];
  /** what follows needs them gone, with all that they own */
  untilGone: boolean;
}

/** It goes, or stays for this reason; undefined: nobody expects it to go. */
type Fate = "goes" | { stays: string } | undefined;

export function planUninstall(installed: Installed, wish: UninstallWish): UninstallPlan {
  const { namespace } = installed;
  const isHome = ({ object }: Present) => isOfKind(object, Namespace) && object.metadata.name === namespace;
  const home = installed.there.find(isHome);
  const others = installed.there.filter((one) => one !== home);
  const fates = new Map(others.map((one) => [one, fateOf(one.object, installed, wish)]));
  if (home) {
    const left = others.filter(
      (one) => one.object.metadata.namespace === namespace && fates.get(one) !== "goes",
    );
    const fate = fateOfHome(home.object, left, installed, wish);
    fates.set(home, fate);
    const record = others.find(({ object }) => isRecord(object));
    if (record && fate === "goes") fates.delete(record); // with it, since it tells another run that there is something left
  }
  const stays = [...fates].flatMap(([{ object }, fate]) =>
    typeof fate === "object" ? `${renderId(idOf(object))} stays, ${fate.stays}` : [],
  );
  const kept = others.filter(
    (one) => fates.get(one) === undefined && makerOf(one.object, installed) === "flamingo",
  ).length;
  if (kept > 0)
    stays.push(
      `${kept === 1 ? "1 Application stays" : `${kept} Applications stay`}, since their Argo CD does`,
    );
  return {
    stages: inStages([...fates.keys()].filter((one) => fates.get(one) === "goes")),
    stays: stays.sort(),
  };
}

function fateOf(object: LiveObject, installed: Installed, wish: UninstallWish): Fate {
  if (isRecord(object)) return "goes";
  const origin = installed.origins.get(keyOf(idOf(object)));
  if (origin === undefined) return isBelonging(object, installed, wish) ? "goes" : undefined;
  if (origin === "changed") return { stays: wasThere };
  if (isOfKind(object, CustomResourceDefinition)) return fateOfCrd(installed, wish);
  const [user] = usersElsewhere(object, installed);
  return user === undefined ? "goes" : { stays: `since ${user} needs it, too` };
}

const wasThere = "since it was there before, with what flamingo changed in it";

/** Whether what the record does not name goes, too. */
function isBelonging(object: LiveObject, installed: Installed, { force }: UninstallWish): boolean {
  const ownership = ownershipOf(installed);
  switch (makerOf(object, installed)) {
    case "engine":
      return ownership.engine || ownership.argo;
    case "Argo CD":
      return ownership.argo;
    case "flamingo":
      return ownership.argo || (ownership.engine && isReported(object));
    case "declared":
      return ownership.argo && force;
    default:
      return false;
  }
}

/** Nobody speaks for it without an engine; others an FSA image shows by itself. */
function isReported({ metadata }: LiveObject): boolean {
  return metadata.annotations?.[annotation.engine] === "loopback";
}

function fateOfCrd({ argos, namespace, othersUnseen }: Installed, { keepCrds }: UninstallWish): Fate {
  if (keepCrds) return { stays: "as asked" };
  const others = argos.filter((argo) => argo.namespace !== namespace).map((argo) => argo.namespace);
  if (others.length > 0) return { stays: `since Argo CD runs in ${andList(others)}, too` };
  const [why] = othersUnseen;
  return why === undefined ? "goes" : { stays: `since others may use it: flamingo ${why}` };
}

/** @param left what is in it afterwards */
function fateOfHome(
  object: LiveObject,
  left: readonly Present[],
  installed: Installed,
  { keepNamespace }: UninstallWish,
): Fate {
  const { origins, unseen } = installed;
  if (origins.get(keyOf(idOf(object))) !== "created") return { stays: "since it was there before" };
  if (keepNamespace) return { stays: "as asked" };
  const owner = ownerOf(object, { operated: [], applications: [] });
  if (owner) return { stays: `since ${owner.object} keeps it` };
  const [first, ...more] = left.filter((one) => makerOf(one.object, installed) !== "by itself");
  if (first) {
    const count = more.length > 0 ? ` and ${more.length} more` : "";
    return { stays: `since ${renderId(idOf(first.object))}${count} would go with it` };
  }
  const [why] = unseen;
  return why === undefined ? "goes" : { stays: `since not all that is in it was seen: flamingo ${why}` };
}

/**
 * The engine first, which would make anew what goes, or cascade; then Applications while their CRD is there; then what runs of
 * Argo CD, whose server writes Secrets and projects as long as it does. What a next install applied to CRDs that still go, or put
 * into a namespace that does, would go with them. The record is the last to go, since it tells another run what is left.
 */
const order: readonly { is(object: LiveObject): boolean; untilGone?: true }[] = [
  { is: (object) => isEngine(idOf(object)), untilGone: true },
  { is: (object) => isOfKind(object, ApplicationSet) },
  { is: (object) => isOfKind(object, Application) },
  { is: (object) => isOfKind(object, HelmRelease), untilGone: true },
  { is: (object) => isOfKind(object, Deployment) || isOfKind(object, StatefulSet), untilGone: true },
  { is: (object) => object.metadata.namespace !== undefined && !isRecord(object) },
  {
    is: (object) =>
      ![CustomResourceDefinition, Namespace].some((kind) => isOfKind(object, kind)) && !isRecord(object),
  },
  { is: (object) => isOfKind(object, CustomResourceDefinition), untilGone: true },
  { is: (object) => isOfKind(object, Namespace), untilGone: true },
  { is: isRecord },
];

function inStages(going: readonly Present[]): Stage[] {
  const sorted = going.toSorted((a, b) => (keyOf(idOf(a.object)) < keyOf(idOf(b.object)) ? -1 : 1));
  const rankOf = ({ object }: Present) => order.findIndex(({ is }) => is(object));
  return order
    .map(({ untilGone = false }, rank) => ({
      objects: sorted.filter((one) => rankOf(one) === rank),
      untilGone,
    }))
    .filter(({ objects }) => objects.length > 0);
}
