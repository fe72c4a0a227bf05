import type { Kube } from "../../kube/kube.js";
import { type Forward, forwardToService } from "../../kube/port-forward/forward.js";
import type { RouteOptions } from "./route.js";

/** Streams to Services through the API server. One for as long as flamingo runs: it remembers which pods failed. */
export function serviceForward(kube: Kube): RouteOptions["forward"] {
  const forwards = new Map<string, Forward>();
  return (to) => {
    const key = JSON.stringify([to.namespace, to.service, to.port]);
    const forward = forwards.get(key) ?? forwardToService(kube, to);
    forwards.set(key, forward);
    return forward.connect();
  };
}
