import { onTestFinished } from "vitest";
import { Application } from "../../src/argo/application.js";
import { stateOf } from "../application-states.js";
import { kubeFor } from "../kube/kube-for.js";
import { argocdNamespace } from "./argocd-programs.js";
import type { Rig } from "./e2e.js";

export interface Recorder {
  /**
   * The different states, as by `stateOf()`, that were told of an Application since the recording began, in their order.
   *
   * @param names of revisions, by the revision
   */
  statesOf(application: string, names?: ReadonlyMap<string, string>): string[];
}

/** Takes down every change of Applications that a watch tells, for the time of the test. */
export function recordApplications(rig: Rig): Recorder {
  const stop = new AbortController();
  const seen: Application[] = [];
  const watching = watch();
  onTestFinished(async () => {
    stop.abort();
    await watching;
  });
  return {
    statesOf: (application, names) =>
      seen
        .filter(({ metadata }) => metadata.name === application)
        .map((each) => stateOf(each, names))
        .filter((state, index, all) => state !== all[index - 1]),
  };

  async function watch(): Promise<void> {
    const { signal } = stop;
    const events = kubeFor(rig.cluster).watch(Application, { namespace: argocdNamespace, signal });
    for await (const event of events) {
      if (event.type === "set" && event.object.status) seen.push(event.object);
      if (event.type === "unavailable") throw event.error;
    }
  }
}
