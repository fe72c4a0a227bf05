/** The exit codes that scripts rely on. Each is a promise. */
export const ExitCode = {
  done: 0,
  /** could not; the reader can act */
  failed: 1,
  /** wrong command line */
  usage: 2,
  /** not ready before the deadline */
  notReady: 3,
  /** the answer is "no": differences found, problems found */
  differs: 4,
  /** the object asked for does not exist */
  notFound: 5,
  /** the cluster does not serve the API that was asked for */
  notServed: 6,
  /** a bug of flamingo */
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export interface UserErrorOptions {
  /** what to type or look at next, without a full stop */
  hint?: string | undefined;
  cause?: unknown;
  /** one of {@link ExitCode}; 1 when not given */
  exitCode?: number;
}

/**
 * Something the reader can put right, said as one sentence without a full stop: `Cannot WHAT WAS ASKED: WHY`.
 * Whatever else is thrown counts as a bug of flamingo.
 */
export class UserError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UserError";
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? ExitCode.failed;
  }
}

/** A wrong command line: exit code 2. */
export function usageError(message: string, hint?: string): UserError {
  return new UserError(message, { hint, exitCode: ExitCode.usage });
}
