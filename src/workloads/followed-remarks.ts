/** What reading a repository as Flux follows it tells beside its objects. */
import { UserError } from "../errors.js";
import type { Followed } from "../follow/follow.js";
import { idOf, renderId } from "../kube/object-id.js";
import { andFirst } from "../text/and-list.js";
import { counted } from "../text/counted.js";

/** How to add to what was followed: a hint. */
export function missingInRepository(what: string, { entries, lacking, notFollowed }: Followed): string {
  if (lacking.includes(what))
    return "Commit what Flux was bootstrapped with, such as gotk-sync.yaml: it holds that";
  if (notFollowed.length === 0)
    return `Nothing that is reached from ${entries.join(", ")} holds it: see what is not applied`;
  return `Say where the content of the source lies that brings ${what}: --source GitRepository/NAMESPACE/NAME=DIR`;
}

/** How far it was followed, and what stays open: a line each. */
export function followedRemarks({ entries, followed, notFollowed, unreached, unknown }: Followed): string[] {
  const from = entries.join(", ");
  return [
    `Followed ${counted(followed.length, "Kustomization", "Kustomizations")} from ${from} on`,
    ...(notFollowed.length > 0
      ? [
          `${counted(notFollowed.length, "Kustomization is", "Kustomizations are")} shown, but not followed: the content is elsewhere`,
        ]
      : []),
    ...(unreached > 0
      ? [
          `${counted(unreached, "workload is", "workloads are")} in files that Flux does not get to from ${from}`,
        ]
      : []),
    ...(unknown.length > 0
      ? [
          `${counted(unknown.length, "variable stays", "variables stay")} as text, since the values are not in this repository: ${andFirst(unknown, 3)}`,
        ]
      : []),
  ];
}

/** Where following led, by names: "Kustomization web in flux-system". */
export interface Trail {
  followed: ReadonlySet<string>;
  /** shown only, since their content is that of another source */
  elsewhere: ReadonlySet<string>;
}

export function trailOf({ followed, notFollowed }: Followed): Trail {
  const names = (kustomizations: Followed["followed"]) =>
    new Set(kustomizations.map((kustomization) => renderId(idOf(kustomization))));
  // what lands on another cluster is not of this one, wherever its content is
  return { followed: names(followed), elsewhere: names(notFollowed.filter(({ spec }) => !spec?.kubeConfig)) };
}

/** An error for each Kustomization that is not followed any more where it was in another state: what it applies need not be gone. */
export function outOfSight(trail: Trail | undefined, other: Trail | undefined): UserError[] {
  const lost = [...(trail?.elsewhere ?? [])].filter((name) => other?.followed.has(name));
  return lost.map(
    (name) =>
      new UserError(`Cannot tell what ${name} applies: its content is elsewhere`, {
        hint: "Say where the content of its source lies: --source KIND/NAMESPACE/NAME=DIR",
      }),
  );
}
