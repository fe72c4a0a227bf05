import { shardsOf } from "../../argo/shard.js";
import type { KubeObject } from "../../kube/object.js";
import { admissionPolicies } from "./admission-policy.js";
import { engineDeployment } from "./deployment.js";
import { metricsObjects } from "./metrics.js";
import { redisNetworkPolicy } from "./redis-policy.js";
import { roleObjects } from "./roles.js";
import type { EngineWish } from "./wish.js";

/** All objects of an engine in the cluster. None of them, and no Pod of it, is taken for a part of Argo CD. */
export function engineObjects(wish: EngineWish): KubeObject[] {
  return [
    ...roleObjects(wish),
    ...shardsOf(wish.shards).map((shard) => engineDeployment(wish, shard)),
    ...(wish.redis ? [redisNetworkPolicy(wish.namespace, wish.redis)] : []),
    ...metricsObjects(wish),
    ...(wish.admissionPolicy ? admissionPolicies(wish.namespace) : []),
  ];
}
