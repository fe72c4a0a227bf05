import { resolve } from "node:path";
import { readAsset } from "../assets.js";
import { systemReason, UserError } from "../errors.js";
import type { SupportMatrix } from "./candidate.js";

interface MatrixDeps {
  cwd: string;
  /** JSON from the network; `doing` is for errors, after "Cannot" */
  downloadJson(url: URL, doing: string): Promise<unknown>;
}

/**
 * The support matrix that comes with flamingo, or the one that `--index` names (a file, or an http or https address).
 *
 * @throws UserError for one that cannot be read or is wrong, with the place of the first fault
 */
export async function readMatrix(index: string | undefined, deps: MatrixDeps): Promise<SupportMatrix> {
  if (index === undefined) return ownMatrix();
  const isUrl = /^https?:\/\//i.test(index);
  const value = isUrl ? await download(index, deps) : await fromFile(index, deps.cwd);
  const { parseMatrix } = await import("./parse-matrix.js");
  const { Fault } = await import("./checks.js");
  try {
    return parseMatrix(value);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new UserError(`Cannot use the support matrix ${withoutUser(index)}: ${error.message}`, {
      hint: "schemas/support-matrix.schema.json in flamingo's package says what it must look like",
      cause: error,
    });
  }
}

/** The one that comes with flamingo. It needs no look: a test compares it with the schema. */
export function ownMatrix(): SupportMatrix {
  return JSON.parse(readAsset("support-matrix.json")) as SupportMatrix;
}

async function download(address: string, { downloadJson }: MatrixDeps): Promise<unknown> {
  if (!URL.canParse(address)) {
    throw new UserError(`Cannot read the support matrix: ${withoutUser(address)} is no address`, {
      hint: "Write it like https://example.com/support-matrix.json",
    });
  }
  return downloadJson(new URL(address), "read the support matrix");
}

async function fromFile(path: string, cwd: string): Promise<unknown> {
  const doing = `Cannot read the support matrix ${path}`;
  let text: string;
  // loaded here: hardly anybody brings a matrix
  const { readFile } = await import("node:fs/promises");
  try {
    text = await readFile(resolve(cwd, path), "utf8");
  } catch (error) {
    throw new UserError(`${doing}: ${systemReason(error)}`, {
      hint: "--index takes a file or an http(s) address; without it the matrix that comes with flamingo is used",
      cause: error,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new UserError(`${doing}: it is no JSON: ${(error as SyntaxError).message.replace(/\s+/g, " ")}`, {
      hint: "flamingo's own support-matrix.json shows the form",
      cause: error,
    });
  }
}

function withoutUser(address: string): string {
  return address.replace(/\/\/[^/?#]*@/, "//").replace(/[?#].*$/, "");
}
