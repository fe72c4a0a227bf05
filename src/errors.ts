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
  alike?: Alike;
}

/** How errors with one cause, such as a source that hundreds of workloads want, are told in one sentence. */
export interface Alike {
  /** the same for all of them */
  cause: string;
  /** what this one is about */
  subject: string;
  /** @param subjects "A, B and 12 more" */
  sentence(subjects: string): string;
}

/**
 * Something the reader can put right, said as one sentence without a full stop: `Cannot WHAT WAS ASKED: WHY`.
 * Whatever else is thrown counts as a bug of flamingo.
 */
export class UserError extends Error {
  /** the same as a part of another sentence: "cannot list Nodes: …" */
  readonly clause: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly alike: Alike | undefined;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UserError";
    this.clause = message.replace(/^Cannot\b/, "cannot");
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? ExitCode.failed;
    this.alike = options.alike;
  }
}

/** One of perhaps many errors that only differ in what they are about. @param sentence the whole of it, of one or of several subjects */
export function errorAbout(
  subject: string,
  sentence: (subjects: string) => string,
  hint?: string | undefined,
): UserError {
  return new UserError(sentence(subject), { hint, alike: { cause: sentence(""), subject, sentence } });
}

/**
 * A bug of flamingo that is not to end it, told like what the reader can put right, with where it happened. The words of a
 * SyntaxError are left out: they quote what was read.
 */
export function bugError(what: string, thrown: unknown): UserError {
  const { name, message, stack = "" } = thrown instanceof Error ? thrown : new Error(typeof thrown);
  const frames = stack.split("\n").flatMap((line) => /^\s+(at .*)/.exec(line)?.[1] ?? []);
  const said = thrown instanceof SyntaxError ? name : `${name}: ${message}`;
  return new UserError(`Cannot ${what}, which is a bug of flamingo: ${[said, ...frames].join(" ")}`, {
    hint: `Please report it at ${issuesUrl}`,
    cause: thrown,
  });
}

/** Where bugs are reported. */
export const issuesUrl = "https://github.com/flux-subsystem-argo/flamingo/issues";

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/**
 * Why the operating system did not do what it was asked, as the end of a sentence; its own words where it gave a reason that is
 * not among ours.
 *
 * @param reasons by error code, for what is said differently here
 * @example systemReason(error, { EEXIST: "a file of that name is there" })
 */
export function systemReason(error: unknown, reasons: Readonly<Record<string, string>> = {}): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? systemReasons[code] ?? message;
}

/** A wrong command line: exit code 2. */
export function usageError(message: string, hint?: string): UserError {
  return new UserError(message, { hint, exitCode: ExitCode.usage });
}
