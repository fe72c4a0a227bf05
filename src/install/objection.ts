import type { Application } from "../argo/application.js";
import { describeArgo } from "../argo/installed/describe.js";
import type { InstalledArgo } from "../argo/installed/evidence.js";
import { UserError } from "../errors.js";
import { compareVersions } from "../support-matrix/versions.js";
import { andList } from "../text/and-list.js";
import { stockRepository } from "./images.js";
import type { InstallWish } from "./install-objects.js";
import { beforeStock } from "./leave-fsa.js";
import { ownerValues } from "./owner-values.js";
import type { Kept } from "./record.js";

/**
 * Where to install: what was asked for, or else where the only Argo CD of the cluster runs.
 *
 * @param asked `-N`, undefined when it was not given
 * @throws UserError when there are several to choose from
 */
export function namespaceToUse(
  argos: readonly { namespace?: string | undefined }[],
  asked: string | undefined,
  otherwise: string,
): string {
  if (asked !== undefined) return asked;
  const namespaces = argos.flatMap(({ namespace }) => namespace ?? []);
  if (namespaces.length < 2) return namespaces[0] ?? otherwise;
  throw new UserError(`Cannot choose a namespace: an Argo CD runs in each of ${andList(namespaces)}`, {
    hint: "Name one with -N",
  });
}

/**
 * Where an install goes on of which nothing runs yet. Whoever may write a ConfigMap somewhere must not draw an Argo CD there.
 *
 * @param remembered the namespaces with a record
 * @throws UserError where it is none that people would name without a word
 */
export function namespaceToGoOnIn(remembered: readonly string[], otherwise: string): string {
  const [first] = remembered;
  if (first === undefined || remembered.includes(otherwise)) return otherwise;
  throw new UserError(
    `Cannot choose a namespace: no Argo CD runs, and an install is remembered in ${andList(remembered)}`,
    { hint: `Add -N ${first} to go on with it, or -N ${otherwise} for a new one` },
  );
}

export interface Situation {
  argos: readonly InstalledArgo[];
  /** of the install that flamingo remembers here */
  before?: Pick<Kept, "mode" | "image" | "argocd"> | undefined;
  /** that would have to get another form before */
  leaving?: readonly Application[];
  /** it is only printed, for whoever keeps it */
  isExport?: boolean;
  force: boolean;
}

/**
 * Why an Argo CD must not be installed where it was asked for; undefined when it may. Beside one that is left alone the engine always
 * may.
 *
 * That it is not older than the Argo CD that runs there is seen to when the version is chosen.
 */
export function objectionTo(wish: InstallWish, situation: Situation): UserError | undefined {
  const { argos, before, leaving = [], isExport = false, force } = situation;
  const { argocd } = wish;
  if (argocd === undefined) return undefined;
  const here = argos.find(({ namespace }) => namespace === wish.namespace);
  const others = argos.filter((argo) => argo !== here);
  const isForOwner = (wish.mode === "helmrelease" && here && isOurRelease(here)) || (isExport && before);
  if (here?.owner && !isForOwner)
    return ownedElsewhere(here, here.owner, wish.image ?? `${stockRepository}:${argocd}`, leaving);
  if (force) return undefined;
  const mode = before?.argocd === undefined ? undefined : before.mode;
  if (mode !== undefined && mode !== wish.mode && wish.mode !== "crds-only")
    return new UserError(
      `Cannot install --mode ${wish.mode} over the install of --mode ${mode} in ${wish.namespace}: what only that needs would stay`,
      { hint: `Add --mode ${mode}, or --force to leave it there` },
    );
  // what an earlier install was told to run is known, whatever it is called
  if (here && here.version === undefined && here.image.image !== before?.image)
    return new UserError(`Cannot install over ${describeArgo(here)}`, {
      hint: "Add --force to install all the same, whatever it is",
    });
  const otherLayout = here && wish.mode === "all" ? layoutObjection(here, wish.ha === true) : undefined;
  if (otherLayout) return otherLayout;
  const newer =
    wish.mode !== "tenant" &&
    others.find(({ version }) => version !== undefined && compareVersions(version, argocd) > 0);
  if (newer)
    return new UserError(
      `Cannot install CRDs of Argo CD ${argocd}: those of ${describeArgo(newer)} are newer, and the same for all`,
      { hint: "Take another cluster, or add --force to replace them all the same" },
    );
  const [other] = others;
  if (other && !here && (wish.mode === "all" || wish.mode === "helmrelease"))
    return new UserError(
      `Cannot install a second Argo CD for the whole cluster: there is ${describeArgo(other)}, whose ClusterRoles have the same names`,
      { hint: `Name its namespace with -N ${other.namespace}, take --mode tenant, or add --force` },
    );
  return undefined;
}

/** One that is only partly there was interrupted. */
function layoutObjection(here: InstalledArgo, ha: boolean): UserError | undefined {
  const { layout } = here;
  if (layout === "partial" || layout === (ha ? "ha" : "standard")) return undefined;
  const what = { core: "it has no server", ha: "it is one of --ha", standard: "it is one without --ha" }[
    layout
  ];
  const instead = { core: "Upgrade it as it was installed", ha: "Add --ha", standard: "Leave --ha out" }[
    layout
  ];
  return new UserError(
    `Cannot install over ${describeArgo(here)}: ${what}, and what only that has would stay`,
    {
      hint: `${instead}, or add --force to leave that there`,
    },
  );
}

/** What `--mode helmrelease` made is Flux's, and changed through the HelmRelease. */
export function isOurRelease({ owner, namespace }: InstalledArgo): boolean {
  return owner?.object === `HelmRelease flamingo in ${namespace}`;
}

function ownedElsewhere(
  here: InstalledArgo,
  owner: NonNullable<InstalledArgo["owner"]>,
  image: string,
  leaving: readonly Application[],
): UserError {
  const { where, values } = ownerValues(owner, image);
  const first = beforeStock(leaving);
  return new UserError(
    `Cannot install over ${describeArgo(here)}: ${owner.by} would put back what is changed`,
    {
      hint: `${first ? `${first}; then set` : "Set"} the image there, in ${where}: ${values}`,
    },
  );
}
