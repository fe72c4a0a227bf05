import type { Health } from "../../argo/health.js";
import type { LiveObject } from "../../kube/object.js";
import { versionOf } from "../../kube/object-id.js";
import { health } from "./health.js";

interface ScalerCondition {
  type: string;
  status?: string;
  reason?: string;
  message?: string;
}

interface HorizontalPodAutoscaler extends LiveObject {
  status?: { conditions?: ScalerCondition[] };
}

/** Where autoscaling/v1, which has no conditions, keeps them, as JSON. */
const conditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";

const broken: ReadonlyMap<string, readonly string[]> = new Map([
  ["AbleToScale", ["FailedGetScale", "FailedUpdateScale"]],
  [
    "ScalingActive",
    [
      "FailedGetResourceMetric",
      "FailedGetObjectMetric",
      "FailedGetPodsMetric",
      "FailedGetExternalMetric",
      "FailedComputeMetricsReplicas",
      "InvalidSelector",
    ],
  ],
]);

/** A HorizontalPodAutoscaler of any version, as gitops-engine judges it (Argo CD 2.8 to 3.6). */
export function autoscalerHealth(object: LiveObject): Health {
  const conditions = conditionsOf(object);
  if (!conditions)
    return health("Unknown", `the annotation ${conditionsAnnotation} is no list of conditions`);
  const degraded = conditions.find(({ type, reason }) => broken.get(type)?.includes(reason ?? ""));
  if (degraded) return health("Degraded", degraded.message);
  const able = conditions.find(
    ({ type, status }) => (type === "AbleToScale" || type === "ScalingLimited") && status === "True",
  );
  return able ? health("Healthy", able.message) : health("Progressing", "Waiting to Autoscale");
}

function conditionsOf(object: LiveObject): ScalerCondition[] | undefined {
  if (versionOf(object.apiVersion) !== "v1")
    return (object as HorizontalPodAutoscaler).status?.conditions ?? [];
  const text = object.metadata.annotations?.[conditionsAnnotation];
  if (text === undefined) return [];
  try {
    const conditions: unknown = JSON.parse(text);
    return Array.isArray(conditions) ? conditions.filter((condition) => condition?.type) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
