import { ExitCode } from "./errors.js";

/** Why a command ends before it is done: the reason that its signal is aborted with. */
export class Stopped extends Error {
  readonly exitCode: number;
  readonly hint: string | undefined;

  /** @param exitCode 130 for Ctrl-C, 143 for SIGTERM, 0 for a closed pipe, 1 for a stream that takes nothing more */
  constructor(message: string, exitCode: number, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** Whether a reader went away early (`| head`). */
export function isClosedPipe({ reason }: AbortSignal): boolean {
  return reason instanceof Stopped && reason.exitCode === ExitCode.done;
}

/**
 * What ends work that was stopped before it was done. A reader who goes away early is no failure of what is printed, but one of
 * what was to be done.
 *
 * @param failure of what was under way, where it tells more
 */
export function endOfWork(signal: AbortSignal, failure?: unknown): unknown {
  return isClosedPipe(signal) ? new Stopped("stdout is closed", ExitCode.failed) : (failure ?? signal.reason);
}

/** Resolves when a signal is aborted, at once when it is already. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Whether an error only says that the signal was aborted: its reason, or what Node's own functions make of it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}
