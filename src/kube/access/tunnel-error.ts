/** What a tunnel leads to. */
export interface Destination {
  host: string;
  port: number;
}

/** A way through a proxy that did not open. `code` is Node's ("ECONNREFUSED") where there is one. */
export class TunnelError extends Error {
  readonly code: string | undefined;

  constructor(why: string, cause?: unknown) {
    super(why, { cause });
    this.name = "TunnelError";
    this.code = (cause as NodeJS.ErrnoException | undefined)?.code;
  }
}
