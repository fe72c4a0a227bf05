import { addAbortSignal } from "node:stream";
import { text } from "node:stream/consumers";
import { ExitCode, UserError } from "../errors.js";
import type { ProcessDeps } from "./deps.js";

/**
 * The names that are meant: in the place of "-" those on stdin, a line each, as `get -o name` prints them.
 *
 * @param doing "suspend", after "Cannot"
 * @throws UserError with exit code 5 where stdin names nothing
 */
export async function namesFrom(
  args: readonly string[],
  doing: string,
  { stdin, signal }: Pick<ProcessDeps, "stdin" | "signal">,
): Promise<string[]> {
  if (!args.includes("-")) return [...args];
  const named = (await text(addAbortSignal(signal, stdin))).split(/\s+/).filter((name) => name !== "");
  const names = args.flatMap((word, index) =>
    word !== "-" ? word : index === args.indexOf("-") ? named : [],
  );
  if (names.length > 0) return names;
  throw new UserError(`Cannot ${doing} anything: there is no name on stdin`, {
    hint: "Give a name a line, as get -o name prints them",
    exitCode: ExitCode.notFound,
  });
}
