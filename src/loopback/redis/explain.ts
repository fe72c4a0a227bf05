/** Why redis could not be reached or did not do what it was asked, as the end of a sentence. */
import { UserError } from "../../errors.js";
import { redact } from "../../redact.js";
import type { RedisAccess } from "./access.js";

export interface Explanation {
  why: string;
  hint: string;
}

const look = "Check that Argo CD's redis runs, and that Argo CD itself reaches it";

/** @param access how it was tried; undefined when not even that is known */
export function explainRedis(error: unknown, access: RedisAccess | undefined): Explanation {
  if (error instanceof UserError) return { why: error.clause, hint: error.hint ?? look };
  const { code = "", message }: { code?: string; message: string } =
    error instanceof Error ? rootOf(error) : { message: String(error) };
  const text = redact(message, [access?.login.password ?? "", access?.sentinelLogin?.password ?? ""]);
  return (
    network(code) ?? certificate(code, text, access) ?? refusal(text, access) ?? { why: text, hint: look }
  );
}

/**
 * Whether a connection is of no more use after this: it is over, does not answer, or leads to a redis that is no master
 * any more or wants another password.
 */
export function endsConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const root = rootOf(error);
  return root.name !== "ReplyError" || /^(NOAUTH|WRONGPASS|READONLY|LOADING|MASTERDOWN)\b/.test(root.message);
}

/** Redis was silent for long enough. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === "Command timed out";
}

/** Of a transaction that redis did not even begin, the library keeps the reason aside. */
function rootOf(error: Error & { previousErrors?: Error[] }): Error {
  return error.previousErrors?.[0] ?? error;
}

function network(code: string): Explanation | undefined {
  switch (code) {
    case "ECONNREFUSED":
      return { why: "the connection was refused", hint: look };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        why: "the host is not known here",
        hint: "Name an address that can be reached from here with --redis HOST:PORT",
      };
    case "ECONNRESET":
    case "EPIPE":
      return { why: "the connection was closed", hint: look };
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return {
        why: "it does not answer",
        hint: "A NetworkPolicy may admit only Argo CD's own Pods (argocd-redis-network-policy), or the address cannot be reached from here: then name one with --redis HOST:PORT",
      };
    default:
      return undefined;
  }
}

/** Codes of OpenSSL, as Node spells them. */
function certificate(code: string, text: string, access: RedisAccess | undefined): Explanation | undefined {
  const isUntrusted = /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_|INVALID_CA/.test(code);
  if (!isUntrusted && code !== "EPROTO" && !code.startsWith("ERR_SSL_")) return undefined;
  const missing = access?.unreadable ?? [];
  const hint =
    missing.length > 0
      ? `Argo CD has ${missing.join(" and ")}, which cannot be read: mount it from a Secret, or name an authority with NODE_EXTRA_CA_CERTS`
      : "Compare with the --redis-… flags of Argo CD's server; NODE_EXTRA_CA_CERTS names further authorities";
  if (/wrong version number|packet length too long/.test(text))
    return { why: "it does not answer with TLS", hint };
  return isUntrusted
    ? { why: `its certificate is not accepted: ${text}`, hint }
    : { why: `no TLS connection came about: ${text}`, hint };
}

/** What redis answers begins with a word for machines. */
function refusal(text: string, access: RedisAccess | undefined): Explanation | undefined {
  const from = access?.passwordFrom;
  const [word = ""] = text.split(" ");
  switch (word) {
    case "WRONGPASS":
    case "ERR":
      if (word === "ERR" && !/invalid password/.test(text)) return undefined;
      return {
        why: "the password is not accepted",
        hint: from
          ? `It is read from ${from}: redis may have been started with another`
          : "Look at how Argo CD's server is given it",
      };
    case "NOAUTH":
      return {
        why: "it wants a password",
        hint: from
          ? `Look at ${from}, where Argo CD's server has it from`
          : "Argo CD's server is given none (REDIS_PASSWORD)",
      };
    case "NOPERM":
      return {
        why: text,
        hint: "The user needs what Argo CD needs: to read and write keys that begin with app| and cluster|, and to PUBLISH",
      };
    case "OOM":
    case "MISCONF":
    case "NOREPLICAS":
      return { why: text, hint: "Redis takes nothing at all at the moment, not from Argo CD either" };
    case "READONLY":
    case "LOADING":
    case "MASTERDOWN":
      return { why: text, hint: "It should pass by itself: redis starts or changes its master" };
    case "Command":
      return text === "Command timed out" ? network("ETIMEDOUT") : undefined;
    case "Connection":
      return text === "Connection is closed." ? network("ECONNRESET") : undefined;
    default:
      return undefined;
  }
}
