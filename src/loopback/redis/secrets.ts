/** The passwords and certificates that settings point at. Pure. */
import { UserError } from "../../errors.js";
import { type KeptTexts, type TextSource, textOf } from "../../kube/container/env.js";
import type { Login } from "./login.js";
import type { Credential, RedisSettings } from "./settings.js";
import type { TlsSettings } from "./transport.js";

export interface RedisSecrets {
  login: Login;
  sentinelLogin: Login;
  tls: TlsSettings | undefined;
  /** what of TLS cannot be read: "the authority (key ca.crt of the Secret redis-tls)" */
  unreadable: string[];
}

/** @throws UserError for a password in a file of which is not known what is in it */
export function secretsFrom(settings: RedisSettings, kept: KeptTexts): RedisSecrets {
  const of = (credential: Credential) => credentialFrom(credential, settings, kept);
  const { tls, unreadable } = tlsFrom(settings, kept);
  return {
    login: { username: of("username"), password: of("password") },
    sentinelLogin: { username: of("sentinelUsername"), password: of("sentinelPassword") },
    tls,
    unreadable,
  };
}

/** Where the password stands, never what it is: "the Secret argocd-redis (key auth) in argocd". */
export function passwordPlace(
  { credentials: { password }, toldTo }: RedisSettings,
  namespace: string,
): string | undefined {
  if (!password) return undefined;
  if ("key" in password) return `the ${password.kind} ${password.name} (key ${password.key}) in ${namespace}`;
  return `${toldTo} in ${namespace}`;
}

function credentialFrom(
  credential: Credential,
  { credentials, areFiles, toldTo }: RedisSettings,
  kept: KeptTexts,
): string | undefined {
  const source = credentials[credential];
  if (source && "file" in source) {
    throw new UserError(
      `Cannot read redis' password: ${toldTo} has it in ${source.file}, where no Secret is mounted`,
      { hint: "Mount it from a Secret, which flamingo reads, too" },
    );
  }
  const text = textOf(source, kept);
  return areFiles ? text?.trim() : text;
}

function tlsFrom({ tls, toldTo }: RedisSettings, kept: KeptTexts): Pick<RedisSecrets, "tls" | "unreadable"> {
  if (!tls) return { tls: undefined, unreadable: [] };
  const unreadable: string[] = [];
  const pemOf = (source: TextSource | undefined, what: string) => {
    const text = textOf(source, kept);
    if (source && text === undefined) unreadable.push(`${what} (${placeOf(source, toldTo)})`);
    return text;
  };
  const ca = tls.insecure ? undefined : pemOf(tls.ca, "the authority");
  const cert = pemOf(tls.cert, "the client certificate");
  const key = pemOf(tls.key, "its key");
  const { insecure } = tls;
  return {
    tls: {
      insecure,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    },
    unreadable,
  };
}

function placeOf(source: TextSource, toldTo: string): string {
  return "key" in source
    ? `key ${source.key} of the ${source.kind} ${source.name}`
    : `in the files of ${toldTo}`;
}
