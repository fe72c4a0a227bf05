import type { Socket } from "node:net";
import { isAbort } from "../../abort.js";
import { UserError } from "../../errors.js";
import type { Kube } from "../../kube/kube.js";
import { renderId } from "../../kube/object-id.js";
import {
  type Forward,
  type ForwardTarget,
  forwardToService,
  type ServiceAddress,
} from "../../kube/port-forward/forward.js";
import { join } from "../../kube/port-forward/local-port.js";
import type { Deps } from "../deps.js";

/** Takes connections to a Service, and says what keeps them from it: the same thing once, until one gets an answer. */
export class Passage {
  readonly #forward: Forward;
  readonly #deps: Pick<Deps, "say" | "signal">;
  #said = "";
  #unready = "";
  #break: (bug: unknown) => void = () => {};
  /** rejects with what is a bug of ours, and never resolves */
  readonly broken = new Promise<never>((_, reject) => {
    this.#break = reject;
  });

  constructor(kube: Kube, to: ServiceAddress, deps: Pick<Deps, "say" | "signal">) {
    this.#forward = forwardToService(kube, to, { onUnready: (target) => this.#sayUnready(target) });
    this.#deps = deps;
  }

  /** @throws UserError when there is nothing to connect to: a NoPodError when only the pod is missing */
  async check(): Promise<void> {
    this.#sayUnready(await this.#forward.aim());
  }

  /** Connects it; closes it when that cannot be done. */
  async take(socket: Socket): Promise<void> {
    socket.on("error", () => {});
    try {
      const stream = await this.#forward.connect();
      stream.on("error", (error) => this.#sayTrouble(error));
      stream.once("data", () => {
        this.#said = "";
      });
      join(socket, stream);
    } catch (error) {
      socket.resetAndDestroy();
      if (error instanceof UserError) this.#sayTrouble(error);
      else if (!isAbort(error)) this.#break(error);
    }
  }

  /** That a connection broke off is no news to who had it. */
  #sayTrouble(error: Error): void {
    const { say, signal } = this.#deps;
    if (!(error instanceof UserError) || signal.aborted || error.message === this.#said) return;
    this.#said = error.message;
    say.failure(error.message, error.hint);
  }

  #sayUnready({ pod, unready }: ForwardTarget): void {
    const text =
      unready === undefined
        ? ""
        : `${renderId({ kind: "Pod", ...pod })} is ${unready}; connecting to it all the same`;
    if (text !== "" && text !== this.#unready) this.#deps.say.warning(text);
    this.#unready = text;
  }
}
