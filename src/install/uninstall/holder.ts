import { holderIn, isHeld, leaseSelector, shardNamed } from "../../argo/loopback-lease.js";
import { ExitCode, UserError } from "../../errors.js";
import { allOf } from "../../kube/all-of.js";
import { isForbidden } from "../../kube/failure.js";
import { Lease } from "../../kube/kinds.js";
import type { Kube, Reader } from "../../kube/kube.js";
import { idOf, renderId } from "../../kube/object-id.js";
import { leftMs, waiterIn } from "../../loopback/engine/lease.js";
import { andList } from "../../text/and-list.js";
import { isEnginePod } from "../engine/names.js";

/**
 * Who holds the Lease of an Argo CD's engine, or of a shard of it, or waits for it, other than a Pod of the engine in the cluster:
 * `flamingo loopback` in somebody's terminal. Undefined when there is nobody.
 */
export async function holderElsewhere(
  reader: Reader,
  namespace: string,
  now: Date,
): Promise<string | undefined> {
  return elsewhere(await allOf(reader.list(Lease, { namespace, labels: leaseSelector })), now);
}

function elsewhere(leases: readonly Lease[], now: Date): string | undefined {
  const held = heldOf(
    leases.flatMap((lease) => [lease, heldByWaiter(lease)]),
    now,
  ).find(({ spec }) => !isEnginePod(spec?.holderIdentity ?? ""));
  return held && holderIn(held);
}

function heldOf(leases: readonly Lease[], now: Date): Lease[] {
  return leases.filter((lease) => shardNamed(lease.metadata.name) && isHeld(lease, now));
}

/** As it is seconds after its holder is gone. */
function heldByWaiter(lease: Lease): Lease {
  const [holderIdentity = "", renewTime = ""] = waiterIn(lease)?.split(" ") ?? [];
  return { ...lease, spec: { holderIdentity, renewTime } };
}

export interface FreeWait {
  now(): Date;
  signal: AbortSignal;
  /** told by which Pods of the engine they are held still: "Lease flamingo-loopback in argocd is held by …" */
  onWaiting(held: string): void;
}

/**
 * Waits until no Pod of the engine has a Lease: one that could not give it back may still run and write, on a node of which nothing is
 * heard, until it has not renewed it for as long as others leave it to it.
 *
 * @returns who has it instead, or waits for it
 * @throws UserError at the deadline (exit code 3), and without the right to read them
 */
export async function holderOnceFree(
  kube: Pick<Kube, "watch">,
  namespace: string,
  { now, signal, onWaiting }: FreeWait,
): Promise<string | undefined> {
  const lapsed = new AbortController();
  const leases = new Map<string, Lease>();
  const ending = AbortSignal.any([signal, lapsed.signal]);
  let isListed = false;
  let lapsing: NodeJS.Timeout | undefined;
  let held: Lease[] = [];
  try {
    for await (const event of kube.watch(Lease, { namespace, labels: leaseSelector, signal: ending })) {
      clearTimeout(lapsing);
      if (event.type === "unavailable") {
        if (!isListed && isForbidden(event.error)) throw event.error;
        continue;
      }
      if (event.type === "set") leases.set(event.key, event.object);
      if (event.type === "gone") leases.delete(event.key);
      if (event.type === "synced") isListed = true;
      if (!isListed) continue;
      const all = [...leases.values()];
      const holder = elsewhere(all, now());
      if (holder !== undefined) return holder;
      held = heldOf(all, now());
      if (held.length === 0) return undefined;
      onWaiting(andList(held.map(render)));
      lapsing = setTimeout(() => lapsed.abort(), Math.max(...held.map((lease) => leftMs(lease, 0))));
    }
  } finally {
    clearTimeout(lapsing);
  }
  if (lapsed.signal.aborted) return undefined;
  if (signal.reason?.name !== "TimeoutError" || held.length === 0) throw signal.reason;
  throw new UserError(`Cannot wait any longer: ${andList(held.map(render))}`, {
    hint: "See on which node it still runs, though its Pod is gone, and stop it there; or add --force",
    exitCode: ExitCode.notReady,
  });
}

/** "Lease flamingo-loopback in argocd is held by flamingo-loopback-7d9c_1_ab12" */
function render(lease: Lease): string {
  return `${renderId(idOf(lease))} is held by ${lease.spec?.holderIdentity}`;
}
