import type { Health, HealthCode } from "../../argo/health.js";
import type { Readiness } from "../../kube/readiness.js";

/** More nobody reads, and an Application, which repeats it for each object, could become too large to be stored. */
const longestMessage = 1000;

/** A health with a message, unless there is nothing to say. */
export function health(status: HealthCode, message?: string): Health {
  return message ? { status, message: shortened(message) } : { status };
}

const healthBy: Readonly<Record<Readiness["status"], HealthCode>> = {
  Current: "Healthy",
  InProgress: "Progressing",
  Failed: "Degraded",
};

/** What kstatus' words are in Argo CD's. */
export function healthOfReadiness({ status, message }: Readiness): Health {
  return health(healthBy[status], message);
}

function shortened(text: string): string {
  return text.length <= longestMessage
    ? text
    : `${text.slice(0, longestMessage).replace(/[\ud800-\udbff]$/, "")}…`;
}
