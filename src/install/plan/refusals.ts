import { describeArgo } from "../../argo/installed/describe.js";
import type { InstalledArgo } from "../../argo/installed/evidence.js";
import { UserError, usageError } from "../../errors.js";

/** @param adoptable the FSA image of its minor that is as new: "v2.7.17"; undefined where there is none */
export function tooOldForEngine(argo: string, adoptable: string | undefined): UserError {
  return new UserError(`Cannot install the engine loopback beside ${argo}: it needs Argo CD 2.8 or newer`, {
    hint:
      adoptable === undefined
        ? "Upgrade that Argo CD, or add --force to try it all the same"
        : `Upgrade that Argo CD, or give it an FSA image of its minor: flamingo install --version ${adoptable} --mode adopt`,
  });
}

export function autoNeedsProject(argo: string): UserError {
  return new UserError(
    `Cannot install --auto beside ${argo}: whoever may see its AppProject default would see every workload`,
    { hint: "Add --project NAME or --project-template '{namespace}'" },
  );
}

export function notInPlaceOf(
  here: InstalledArgo,
  argocd: string,
  why: "older" | "another major version",
): UserError {
  return new UserError(
    `Cannot install stock Argo CD ${argocd} in the place of ${describeArgo(here)}: it is ${why}`,
    {
      hint:
        why === "older"
          ? "Take a newer --version, or add --force to go back all the same"
          : "See what changes at https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/overview/, then add --force",
    },
  );
}

export function notByHelm(here: InstalledArgo): UserError {
  return new UserError(
    `Cannot install --mode helmrelease over ${describeArgo(here)}: Helm does not take over what others have made`,
    { hint: "Leave --mode out, or name a namespace with -N where no Argo CD runs" },
  );
}

export function noSafeStock(): UserError {
  return new UserError(
    "Cannot choose a stock Argo CD: none is known that is open to no high or critical advisory",
    { hint: "Name one, such as --version v3.6.1" },
  );
}

export function tenantIsFsa(): UserError {
  return usageError(
    "--mode tenant goes with FSA images only",
    "Take --engine fsa, or --mode all for stock Argo CD and the engine loopback",
  );
}
