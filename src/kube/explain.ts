import { UserError } from "../errors.js";
import { redact } from "../redact.js";
import { explainConnection } from "./explain-connection.js";
import { explainStatus } from "./explain-status.js";
import { StatusError } from "./failure.js";
import type { Kind } from "./object.js";

/** What was asked of the API server, in the words of whoever knows. */
export interface Asked {
  /** after "Cannot": "read Kustomization podinfo in flux-system" */
  doing: string;
  /** without credentials: "https://127.0.0.1:6443" */
  server: string;
  /** "context kind-dev (~/.kube/config)" */
  context: string;
  /** never shown, whoever repeats them */
  secrets: Iterable<string>;
  /** the right that it takes; undefined for questions that everybody may ask */
  access?: Access | undefined;
}

/** A right as RBAC names it. */
export interface Access {
  verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
  kind: Kind;
  namespace?: string | undefined;
  /** "status", "portforward" */
  subresource?: string | undefined;
}

/** The rest of a sentence that begins with "Cannot DOING", and what to do about it. */
export interface Explanation {
  why: string;
  hint?: string | undefined;
  exitCode?: number;
}

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
