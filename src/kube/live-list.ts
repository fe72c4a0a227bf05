import type { UserError } from "../errors.js";
import type { Kube, WatchOptions } from "./kube.js";
import type { Kind, KubeObject } from "./object.js";

/** All objects of a kind that fit, as they are now: what one wants to keep of each. */
export class LiveList<T extends KubeObject, K> {
  /** by "NAMESPACE/NAME" */
  readonly objects = new Map<string, K>();
  /** all that there is has been told */
  isRead = false;
  /** why what was told may be out of date, or nothing is known */
  trouble: UserError | undefined;

  /**
   * Follows them until the signal of the options is aborted.
   *
   * @param onNews called after each change
   * @throws what no watch can go on after
   */
  async follow(
    kube: Pick<Kube, "watch">,
    kind: Kind<T>,
    options: WatchOptions,
    { keep, onNews }: { keep(object: T): K; onNews(): void },
  ): Promise<void> {
    for await (const event of kube.watch(kind, options)) {
      switch (event.type) {
        case "set":
          this.objects.set(event.key, keep(event.object));
          break;
        case "gone":
          this.objects.delete(event.key);
          break;
        case "synced":
          this.isRead = true;
          break;
        default:
          this.trouble = event.type === "unavailable" ? event.error : undefined;
      }
      onNews();
    }
  }
}
