/** What reading a repository as Flux follows it tells beside its objects. */
import type { Followed } from "../follow/follow.js";
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
    `Followed ${counted(followed, "Kustomization", "Kustomizations")} from ${from} on`,
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
