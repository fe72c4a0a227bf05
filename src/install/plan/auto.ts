import type { Kept } from "../record.js";
import type { Auto, PlanWish } from "./install-plan.js";

/**
 * Whether the engine makes Applications by itself, and in which AppProject: as it is asked, or was before.
 *
 * @param byDefault where nobody ever said
 */
export function autoFor(
  { auto, project, projectTemplate }: PlanWish,
  kept: Kept | undefined,
  byDefault: boolean,
): Auto | undefined {
  if (!(auto ?? kept?.auto ?? byDefault)) return undefined;
  if (project !== undefined || projectTemplate !== undefined) return { project, projectTemplate };
  return { project: kept?.project, projectTemplate: kept?.projectTemplate };
}
