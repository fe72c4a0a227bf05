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
