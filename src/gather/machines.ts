import { allOf } from "../kube/all-of.js";
import { Node, Pod } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { LiveObject } from "../kube/object.js";
import { isOfKind } from "../kube/object-id.js";
import { permitted } from "../kube/permitted.js";
import type { LiveIndex } from "../report/live/live-index.js";
import { withEach } from "./readings.js";

/**
 * Reads the machines that run some Pods, and what else runs on them and asks for its part: two requests for each machine. Of what
 * may not be read, a tree says nothing.
 */
export async function readMachines(
  kube: Pick<Kube, "find" | "list">,
  objects: readonly LiveObject[],
  live: LiveIndex,
): Promise<void> {
  const pods = objects.filter((object): object is Pod => isOfKind(object, Pod));
  const names = new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []));
  await withEach(names, async (name) => {
    const [machine, others] = await Promise.all([
      permitted(kube.find(Node, { name })),
      permitted(allOf(kube.list(Pod, { node: name }))),
    ]);
    for (const object of [machine.found ?? [], others.found ?? []].flat()) live.set(object);
  });
}
