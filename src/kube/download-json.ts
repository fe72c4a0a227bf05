import { UserError } from "../errors.js";
import { redact, redactUrl } from "../redact.js";
import { transportFor } from "./access/open-transport.js";
import { explainConnection } from "./explain-connection.js";
import { ForeignAnswerError, StatusError } from "./failure.js";
import { jsonClient } from "./http.js";

export interface DownloadDeps {
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  cwd: string;
  stdin: { isTTY?: boolean };
  now(): Date;
}

/**
 * JSON from the network: through HTTPS_PROXY, trusting what Node trusts (NODE_EXTRA_CA_CERTS, the system where Node can read
 * it), 30 s a try, and again where the server is busy.
 *
 * @param doing for errors, after "Cannot": "read the support matrix"
 * @throws UserError when there is no answer, another one than 200, or something else than JSON
 */
export async function downloadJson(url: URL, doing: string, deps: DownloadDeps): Promise<unknown> {
  const description = redactUrl(`${url.origin}${url.pathname}`);
  const access = { cluster: { server: url.href }, user: {}, namespace: undefined, description };
  const transport = await transportFor(access, deps);
  const server = Object.assign(transport.server, { pathname: "/" });
  try {
    const client = jsonClient({ ...transport, server }, { signal: deps.signal });
    return (await client.send({ method: "GET", path: url.pathname + url.search })).body;
  } catch (error) {
    const found = explanationOf(error, description);
    if (!found) throw error;
    const clean = (text: string) => redact(text, transport.secrets);
    throw new UserError(clean(`Cannot ${doing}: ${found.why}`), { hint: clean(found.hint), cause: error });
  } finally {
    transport.close();
  }
}

function explanationOf(error: unknown, address: string): { why: string; hint: string } | undefined {
  const hint = "Open the address in a browser; a file that was saved from it will do, too";
  if (error instanceof StatusError) {
    const gone = error.status === 404 || error.status === 410;
    return { why: `${address} answered ${error.status}`, hint: gone ? "Check the address" : hint };
  }
  if (error instanceof ForeignAnswerError && error.kind === "redirect")
    return { why: `${address} redirects to ${error.excerpt}`, hint: "Name that address instead" };
  const asked = { doing: "", server: address, context: address, secrets: [] };
  const found = explainConnection(asked, error);
  if (!found) return undefined;
  const isAnswer = error instanceof ForeignAnswerError;
  return {
    why: found.why,
    hint: isAnswer
      ? hint
      : "Check that it can be reached from here (network, HTTPS_PROXY); a file will do, too",
  };
}
