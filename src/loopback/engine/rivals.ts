import { leaseSelector, shardNamed } from "../../argo/loopback-lease.js";
import type { Shard } from "../../argo/shard.js";
import { allOf } from "../../kube/all-of.js";
import { Lease } from "../../kube/kinds.js";
import type { Reader } from "../../kube/kube.js";
import { leftMs, type Observed } from "./lease.js";

/**
 * Those who report into the same Argo CD and cut its Applications into another number of shards: both would write the same
 * Applications, each under Leases of its own.
 */
export class Rivals {
  readonly #reader: Reader;
  readonly #namespace: string;
  readonly #count: number;
  /** by name, and since when it is as it is, by `performance.now()` */
  #seen = new Map<string, { text: string; since: number }>();

  constructor(reader: Reader, namespace: string, { count }: Shard) {
    this.#reader = reader;
    this.#namespace = namespace;
    this.#count = count;
  }

  /** One of them that may still write; undefined when there is none. */
  async living(): Promise<Pick<Observed, "lease" | "unchangedMs"> | undefined> {
    const options = { namespace: this.#namespace, labels: leaseSelector };
    const leases = (await allOf(this.#reader.list(Lease, options))).filter(({ metadata }) => {
      const shard = shardNamed(metadata.name);
      return shard !== undefined && shard.count !== this.#count;
    });
    const now = performance.now();
    const seen = leases.map(({ metadata, spec }) => {
      const text = `${spec?.holderIdentity} ${spec?.renewTime}`;
      const known = this.#seen.get(metadata.name);
      return [metadata.name, known?.text === text ? known : { text, since: now }] as const;
    });
    this.#seen = new Map(seen);
    return leases
      .map((lease) => ({ lease, unchangedMs: now - (this.#seen.get(lease.metadata.name)?.since ?? now) }))
      .find(({ lease, unchangedMs }) => leftMs(lease, unchangedMs) > 0);
  }
}
