import { ExitCode } from "../errors.js";
import type { Asked, Explanation } from "./asked.js";
import {
  DeadlineError,
  DroppedConnectionError,
  ForeignAnswerError,
  RequestTimeoutError,
  StatusError,
} from "./failure.js";

/** Node's errors of sockets, DNS and TLS, the fields we read. */
interface NodeError {
  code?: string;
  message: string;
  hostname?: string;
  host?: string;
  cert?: { subjectaltname?: string };
}

const trustHint =
  "Name the certificate of its authority with --certificate-authority, or accept any with --insecure-skip-tls-verify";

/** Why no answer of the API server came at all. Undefined for errors that nobody but us can put right. */
export function explainConnection(asked: Asked, error: unknown): Explanation | undefined {
  if (error instanceof DeadlineError) return deadline(asked, error);
  if (error instanceof RequestTimeoutError) return timeout(asked, error);
  if (error instanceof DroppedConnectionError) return dropped(asked, error);
  if (error instanceof ForeignAnswerError) return foreign(asked, error);
  if (!(error instanceof Error)) return undefined;
  const nodeError: NodeError = error;
  return network(asked, nodeError) ?? certificate(asked, nodeError) ?? protocol(asked, nodeError);
}

function deadline({ server }: Asked, { lastFailure }: DeadlineError): Explanation {
  return {
    why: `the time of --timeout is over, ${lastStateOf(server, lastFailure)}`,
    hint: "Give it more time with --timeout",
    exitCode: ExitCode.notReady,
  };
}

function lastStateOf(server: string, failure: unknown): string {
  if (failure instanceof StatusError) return `and ${server} still answered ${failure.status}`;
  if (failure instanceof DroppedConnectionError) return `and ${server} still closed the connection`;
  return `and ${server} had not answered in full`;
}

function timeout({ server, context }: Asked, { timeoutMs }: RequestTimeoutError): Explanation {
  return {
    why: `${server} did not answer in full within ${timeoutMs / 1000}s`,
    hint: `Check that the cluster of ${context} is up and can be reached from here, or give it longer with --request-timeout`,
  };
}

function dropped({ server, context }: Asked, { midAnswer, tries }: DroppedConnectionError): Explanation {
  const when = midAnswer ? "in the middle of its answer" : "without an answer";
  return {
    why: `${server} closed the connection ${when}${afterTries(tries)}`,
    hint: `Check the cluster of ${context}, and the proxies and load balancers before it, then try again`,
  };
}

function foreign({ server, context }: Asked, { kind, excerpt }: ForeignAnswerError): Explanation {
  const said = excerpt === "" ? "" : ` "${excerpt}"`;
  const answer = {
    "web page": `a web page${said}`,
    redirect: `a redirect to ${excerpt}`,
    "not JSON": excerpt === "" ? "an empty text" : `something else than JSON:${said}`,
    "no WebSocket": `something else than a WebSocket:${said}`,
  }[kind];
  return { why: `${server} answered with ${answer}`, hint: notAnApiServerHint(context) };
}

/** For answers that come from a login page, a proxy, or a wrong address. */
export function notAnApiServerHint(context: string): string {
  return `That is no API server: check the address in ${context}, and whether a proxy in between wants a login`;
}

export function afterTries(tries: number): string {
  return tries > 1 ? `, ${tries} times in a row` : "";
}

function network({ server, context }: Asked, { code, hostname }: NodeError): Explanation | undefined {
  const hint = `Check that the cluster of ${context} is up and can be reached from here (network, VPN), or choose another --context`;
  switch (code) {
    case "ECONNREFUSED":
      return { why: `${server} refused the connection`, hint };
    case "ENOTFOUND":
      return { why: `the host ${hostname ?? server} is not known`, hint };
    case "EAI_AGAIN":
      return { why: `the host ${hostname ?? server} could not be looked up`, hint };
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "EHOSTDOWN":
    case "ENETUNREACH":
    case "ENETDOWN":
    case "EADDRNOTAVAIL":
      return { why: `${server} cannot be reached (${code})`, hint };
    default:
      return undefined;
  }
}

/** Certificates that we do not accept (codes of OpenSSL's `X509_V_ERR_…`, as Node spells them). */
function certificate({ server }: Asked, error: NodeError): Explanation | undefined {
  switch (error.code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return { why: `the certificate of ${server} is self-signed and not trusted`, hint: trustHint };
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
      return {
        why: `the certificate of ${server} is signed by an authority that is not trusted here`,
        hint: trustHint,
      };
    case "CERT_HAS_EXPIRED":
      return {
        why: `the certificate of ${server} has expired`,
        hint: "Renew it on the cluster, check this machine's clock, or accept it with --insecure-skip-tls-verify",
      };
    case "CERT_NOT_YET_VALID":
      return { why: `the certificate of ${server} is not valid yet`, hint: "Check this machine's clock" };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return wrongName(server, error);
    case "CERT_REVOKED":
    case "CERT_REJECTED":
    case "CERT_UNTRUSTED":
    case "INVALID_CA":
    case "INVALID_PURPOSE":
    case "PATH_LENGTH_EXCEEDED":
      return { why: `the certificate of ${server} was not accepted: ${error.message}`, hint: trustHint };
    default:
      return undefined;
  }
}

function wrongName(server: string, { host, cert }: NodeError): Explanation {
  const names = (cert?.subjectaltname ?? "")
    .split(", ")
    .map((name) => name.replace(/^(DNS|IP Address):/, ""))
    .filter((name) => name !== "");
  const made = names.length === 0 ? "" : ` but for ${names.join(", ")}`;
  return {
    why: `the certificate of ${server} is not made for ${host ?? "this address"}${made}`,
    hint: `Use an address that it is made for, or name one with --tls-server-name${names[0] ? ` ${names[0]}` : ""}`,
  };
}

/** TLS that broke off, servers that do not speak HTTP, and requests that cannot be spoken. */
function protocol({ server, context }: Asked, { code = "", message }: NodeError): Explanation | undefined {
  if (code.startsWith("HPE_")) {
    return { why: `${server} does not answer with HTTP`, hint: notAnApiServerHint(context) };
  }
  if (code === "ERR_INVALID_CHAR") {
    return {
      why: "the credentials hold signs that no request can carry, such as a line break",
      hint: `Look at the token or user name of ${context}`,
    };
  }
  if (code !== "EPROTO" && !code.startsWith("ERR_SSL_")) return undefined;
  const reason = tlsReasonIn(message);
  const refused = /alert (certificate \w+|bad certificate|unsupported certificate|unknown ca|access denied)/;
  const alert = refused.exec(reason)?.[1];
  if (alert) {
    return {
      why: `${server} did not accept the client certificate (${alert})`,
      hint: `Renew the client certificate of ${context}, or choose another --context`,
    };
  }
  if (/wrong version number|packet length too long|http request/.test(reason)) {
    return {
      why: `${server} does not answer with TLS`,
      hint: `Check the port, and whether the address in ${context} should begin with http://`,
    };
  }
  return {
    why: `no TLS connection with ${server} came about: ${reason}`,
    hint: `Check the address in ${context}, and proxies in between`,
  };
}

/**
 * OpenSSL's line is "thread:error:number:library:function:reason:file:line:". Read instead of the code, because Node
 * gives one code (EPROTO) to everything that fails while it writes.
 */
function tlsReasonIn(message: string): string {
  return /error:[^:]*:[^:]*:[^:]*:([^:]+)/.exec(message)?.[1] ?? message;
}
