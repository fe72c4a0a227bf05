/** Job (batch/v1) as gitops-engine judges it, CronJob as the health script of Argo CD 3.5 and 3.6. */
import type { Health } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { health } from "./health.js";

interface Job extends LiveObject {
  status?: { conditions?: { type: string; status?: string; message?: string }[] };
}

export function jobHealth(object: LiveObject): Health {
  const { conditions = [] } = (object as Job).status ?? {};
  const last = (...types: string[]) => conditions.findLast(({ type }) => types.includes(type));
  const ended = last("Complete", "Suspended");
  const failed = last("Failed");
  if (failed) return health("Degraded", failed.message);
  if (!ended) return health("Progressing");
  const isSuspended = conditions.some(({ type, status }) => type === "Suspended" && status === "True");
  return health(isSuspended ? "Suspended" : "Healthy", ended.message);
}

interface CronJob extends LiveObject {
  spec?: { suspend?: boolean };
  status?: { active?: object[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

/** Argo CD has no word worse than Healthy for what it cannot tell: a CronJob that never succeeded may be new. */
export function cronJobHealth(object: LiveObject): Health {
  const { spec, status } = object as CronJob;
  if (spec?.suspend) return health("Healthy", "CronJob is Suspended");
  if (!status) return health("Progressing", "Waiting for CronJob");
  const { active = [], lastScheduleTime, lastSuccessfulTime } = status;
  if (!lastScheduleTime) return health("Healthy", "CronJob has not been scheduled yet");
  if (!lastSuccessfulTime) {
    return health("Healthy", "The CronJob never completed successfully. It may not be healthy");
  }
  if (active.length > 0) {
    return health("Healthy", "The job is running. Its last execution may not have been successful");
  }
  return lastSuccessfulTime < lastScheduleTime
    ? health("Degraded", "CronJob has not completed its last execution successfully")
    : health("Healthy", "CronJob has completed its last execution successfully");
}
