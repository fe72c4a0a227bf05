import { UserError } from "../errors.js";
import { allOf } from "../kube/all-of.js";
import { Job, Pod, ReplicaSet } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { Kind, LiveObject } from "../kube/object.js";
import { idOf, isOfKind, renderId } from "../kube/object-id.js";
import { refusalOf, whyNotReady } from "../kube/pod-trouble.js";
import type { WaitTarget } from "../kube/wait.js";
import { redact } from "../redact.js";

/**
 * What keeps the Pods below an object from being ready, and the last line of their log where it may be read: "Pod web-5d… in apps,
 * container web: CrashLoopBackOff: back-off 40s …; its log ends with: cannot open database". Undefined where no Pod is in trouble.
 *
 * @throws UserError without the right to read Pods
 */
export async function podReason(kube: Kube, target: WaitTarget): Promise<string | undefined> {
  const { makers, pods } = await ownedBy(kube, target);
  for (const pod of pods) {
    const found = whyNotReady(pod);
    if (!found) continue;
    const { container, why } = found;
    const id = renderId({ ...pod.metadata, kind: Pod.kind });
    if (container === undefined) return `${id}: ${why}`;
    return `${id}, container ${container}: ${why}${await logEnd(kube, pod, container)}`;
  }
  const refused = makers.find((maker) => refusalOf(maker) !== undefined);
  return refused && `${renderId(idOf(refused))}: ${refusalOf(refused)}`;
}

/** What keeps it from having Pods, then its Pods, the newest first: an older one is of what was there before. */
async function ownedBy(kube: Kube, { kind, name, namespace }: WaitTarget): Promise<Owned> {
  const root = namespace === undefined ? undefined : await kube.find<LiveObject>(kind, { name, namespace });
  const { uid } = root?.metadata ?? {};
  if (!root || uid === undefined) return { makers: [], pods: [] };
  if (isOfKind(root, Pod)) return { makers: [], pods: [root] };
  const owners = new Set([uid]);
  const take = async <T extends LiveObject>(of: Kind<T>) => {
    const owned = (await allOf(kube.list(of, { namespace }))).filter((object) => isOwned(object, owners));
    for (const { metadata } of owned) if (metadata.uid) owners.add(metadata.uid);
    return owned;
  };
  const makers = [root, ...(await take(ReplicaSet)), ...(await take(Job))];
  const pods = await take(Pod);
  return { makers, pods: pods.sort((a, b) => (bornAt(a) < bornAt(b) ? 1 : -1)) };
}

interface Owned {
  makers: LiveObject[];
  pods: Pod[];
}

function isOwned({ metadata }: LiveObject, owners: ReadonlySet<string>): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => owners.has(uid));
}

function bornAt({ metadata }: Pod): string {
  return metadata.creationTimestamp ?? "";
}

/** "; its log ends with: …" */
async function logEnd(kube: Kube, { metadata }: Pod, container: string): Promise<string> {
  const { name, namespace = "" } = metadata;
  try {
    const lines = (await kube.readLog({ name, namespace }, container, 10)).split("\n");
    const last = lines.findLast((line) => line.trim() !== "");
    return last === undefined ? "" : `; its log ends with: ${redact(last.trim())}`;
  } catch (error) {
    // a container that never ran has no log, and not everybody may read it
    if (error instanceof UserError) return "";
    throw error;
  }
}
