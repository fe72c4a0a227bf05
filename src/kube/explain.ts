import { UserError } from "../errors.js";
import { redact } from "../redact.js";
import type { Asked } from "./asked.js";
import { explainConnection } from "./explain-connection.js";
import { explainStatus } from "./explain-status.js";
import { StatusError } from "./failure.js";

/**
 * A failure of a request as a sentence and a hint. What is not recognised comes back unchanged, and so counts as a bug of
 * flamingo; so does what is a UserError already, and the reason of an interruption.
 */
export function explain(asked: Asked, error: unknown): unknown {
  if (error instanceof UserError) return error;
  const found = error instanceof StatusError ? explainStatus(asked, error) : explainConnection(asked, error);
  if (!found) return error;
  const { why, hint, exitCode } = found;
  const clean = (text: string) => redact(text, asked.secrets);
  return new UserError(clean(`Cannot ${asked.doing}: ${withoutFullStop(why)}`), {
    hint: hint === undefined ? undefined : clean(hint),
    cause: error,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}

function withoutFullStop(sentence: string): string {
  return sentence.replace(/\s+/g, " ").trim().replace(/\.$/, "");
}
