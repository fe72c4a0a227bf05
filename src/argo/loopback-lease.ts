/** The Lease by which one `flamingo loopback` at a time reports into an Argo CD, or a shard of it, as everybody may read it. */
import type { Lease } from "../kube/kinds.js";
import { onlyShard, parseShard, renderShard, type Shard, shardsOf } from "./shard.js";

const leaseName = "flamingo-loopback";

/** "flamingo-loopback", of a shard "flamingo-loopback-2-of-3". */
export function leaseNameOf({ index, count }: Shard): string {
  return count === 1 ? leaseName : `${leaseName}-${index}-of-${count}`;
}

/** By these all of them are found. */
export const leaseLabels = { "app.kubernetes.io/name": leaseName };
export const leaseSelector = `app.kubernetes.io/name=${leaseName}`;

/** What {@link leaseNameOf} made a name of; undefined for the name of something else. */
export function shardNamed(name: string): Shard | undefined {
  if (name === leaseName) return onlyShard;
  const [, index, count] = /^flamingo-loopback-(\d+)-of-(\d+)$/.exec(name) ?? [];
  return parseShard(`${index}/${count}`);
}

/** Who holds it: "host_1234_ab12", of a shard "host_1234_ab12 (shard 2 of 3)". */
export function holderIn(lease: Lease): string {
  const { holderIdentity = "" } = lease.spec ?? {};
  const { index, count } = shardNamed(lease.metadata.name) ?? onlyShard;
  return count === 1 ? holderIdentity : `${holderIdentity} (shard ${index} of ${count})`;
}

/** Of a holder that is not heard of for so long the others take it that it is gone. */
export const leaseDurationMs = 15_000;

/** The same for who only asks, by a clock of his own. */
const deadAfterMs = 60_000;

/** Who has reported everything once says so here, and when: "2026-01-02T03:04:05.000Z 1.2.3 host_1234_ab12". */
export const reportedAnnotation = "flamingo/reported";

/**
 * Whether somebody holds it who was heard of lately, by the holder's own clock: one that goes differently by less than a minute is
 * no reason to call somebody dead.
 */
export function isHeld({ spec }: Lease, now: Date): boolean {
  const silentMs = now.getTime() - Date.parse(spec?.renewTime ?? "");
  return Boolean(spec?.holderIdentity) && silentMs < deadAfterMs;
}

/** Into how many shards the Applications are cut: as those say who report now, else as those who did last. */
export function shardCountIn(leases: readonly Lease[], now: Date): number {
  const held = leases.filter((lease) => isHeld(lease, now));
  const [last] = (held.length > 0 ? held : [...leases]).sort((a, b) => renewed(b) - renewed(a));
  return (last && shardNamed(last.metadata.name)?.count) ?? 1;
}

function renewed({ spec }: Lease): number {
  return Date.parse(spec?.renewTime ?? "") || 0;
}

/** The command that reports a shard: "flamingo loopback", "flamingo loopback --shard=2/3". */
export function loopbackCommand(shard: Shard): string {
  return shard.count === 1 ? "flamingo loopback" : `flamingo loopback --shard=${renderShard(shard)}`;
}

/**
 * That nobody reports a shard any more, and since when: "nobody runs flamingo loopback since 2026-01-01T00:00:00Z", "flamingo loopback
 * (host_1) was not heard of since …" after a crash. Undefined while somebody does.
 *
 * @param leases all of an Argo CD
 */
export function silenceOf(leases: readonly Lease[], shard: Shard, now: Date): string | undefined {
  const lease = leases.find(({ metadata }) => metadata.name === leaseNameOf(shard));
  if (lease && isHeld(lease, now)) return undefined;
  const command = loopbackCommand(shard);
  const { holderIdentity = "", renewTime = "" } = lease?.spec ?? {};
  const heard = new Date(renewTime);
  const since = Number.isNaN(heard.getTime()) ? "" : ` since ${heard.toISOString().slice(0, 19)}Z`;
  return holderIdentity === ""
    ? `nobody runs ${command}${since}`
    : `${command} (${holderIdentity}) was not heard of${since}`;
}

/** The shards that nobody reports; the only one where nobody ever did. @param leases all of an Argo CD */
export function silentShards(leases: readonly Lease[], now: Date): Shard[] {
  const shards = shardsOf(shardCountIn(leases, now));
  return shards.filter((shard) => silenceOf(leases, shard, now) !== undefined);
}

/** When everything was reported for the first time, by which version of flamingo, and by whom: "flamingo-loopback-7d9c_1_ab12". */
export interface FirstReport {
  at: Date;
  version: string;
  by: string;
}

/** What the holder of a Lease has said of its first report; undefined before that, and where nobody holds it. */
export function reportedOf({ metadata, spec }: Lease): FirstReport | undefined {
  const [time = "", version = "", by = ""] = metadata.annotations?.[reportedAnnotation]?.split(" ") ?? [];
  const at = new Date(time);
  if (Number.isNaN(at.getTime()) || by === "" || by !== spec?.holderIdentity) return undefined;
  return { at, version, by };
}
