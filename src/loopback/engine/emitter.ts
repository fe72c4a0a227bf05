import type { Application } from "../../argo/application.js";
import { loopbackStateOf } from "../../argo/generated.js";
import type { UserError } from "../../errors.js";
import type { Kind, KubeObject } from "../../kube/object.js";
import { resourceName } from "../../kube/resource.js";
import type { AutoListener } from "../auto/listener.js";
import { type Asked, askedOf } from "./answering.js";
import type { Metrics } from "./metrics.js";
import type { Reported } from "./reporter.js";

/** What happens, for people and machines. */
export interface EngineListener extends AutoListener {
  /** an Application was looked at, and something of it may have been written */
  reported(result: Reported): void;
  /** an Application is gone, or not flamingo's any more */
  dropped(key: string): void;
  /** an Application could not be reported; it is tried again */
  failed(key: string, error: UserError): void;
  /** what somebody asked of an Application was done, or begun, or refused: a sentence */
  answered(text: string): void;
  /** something about the whole that people should know, a sentence */
  remark(text: string): void;
}

/** Knows what was told already: whatever is the same again and again is said once. Applications go by `namespacedName()`. */
export class Emitter {
  readonly #listener: EngineListener;
  readonly #metrics: Metrics;
  readonly #failures = new Map<string, string>();
  readonly #leftOut = new Map<string, string>();
  readonly #answers = new Map<string, string>();
  /** what is being answered at the moment */
  readonly #asked = new Map<string, Asked>();
  readonly #lost = new Set<string>();
  /** kinds that are not heard at the moment */
  readonly #unavailable = new Set<string>();

  constructor({ listener, metrics }: { listener: EngineListener; metrics: Metrics }) {
    this.#listener = listener;
    this.#metrics = metrics;
  }

  /**
   * A kind is not heard, or (without an error) is. An API server that is away is away for all kinds: that is said once, and
   * once when all are heard again, which is the answer, too.
   */
  trouble(kind: Kind, error: UserError | undefined): "over" | undefined {
    const before = this.#unavailable.size;
    if (error) this.#unavailable.add(resourceName(kind));
    else this.#unavailable.delete(resourceName(kind));
    if (error && before === 0)
      this.#listener.remark(`${error.message}; what is shown may be old until it is heard again`);
    if (error || before === 0 || this.#unavailable.size > 0) return undefined;
    this.#listener.remark("All kinds are heard again");
    return "over";
  }

  failed(key: string, error: UserError): void {
    if (this.#failures.get(key) !== error.message) this.#listener.failed(key, error);
    this.#failures.set(key, error.message);
  }

  /** @param object which nothing could be made of, in this version of it */
  leftOut({ metadata: { uid = "" } }: KubeObject, error: UserError): void {
    if (this.#leftOut.get(uid) !== error.message) this.#listener.remark(error.message);
    this.#leftOut.set(uid, error.message);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  /** @param done sentences; what is waited for is looked at again and again, and counts as one */
  answered(key: string, asked: Asked, done: readonly string[]): void {
    const text = done.join("; ");
    if (text === "" || this.#answers.get(key) === text) return;
    this.#answers.set(key, text);
    if (this.#asked.get(key) !== asked)
      this.#metrics.answers[asked] = (this.#metrics.answers[asked] ?? 0) + 1;
    this.#asked.set(key, asked);
    for (const line of done) this.#listener.answered(line);
  }

  /**
   * An Application as it is now; undefined when it is gone. One of ours whose annotation was taken away is Argo CD's own:
   * nothing is written, and that is said.
   */
  looksAt(key: string, application: Application | undefined): void {
    if (!application || askedOf(application) !== this.#asked.get(key)) {
      this.#asked.delete(key);
      this.#answers.delete(key);
    }
    if (!application || loopbackStateOf(application) !== "lost") {
      this.#lost.delete(key);
      return;
    }
    if (this.#lost.has(key)) return;
    this.#lost.add(key);
    this.#listener.remark(
      `Application ${key} has lost argocd.argoproj.io/skip-reconcile: Argo CD reconciles it by itself now, and flamingo leaves it alone`,
    );
  }
}
