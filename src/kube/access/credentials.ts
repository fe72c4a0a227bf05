import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { systemReason, UserError } from "../../errors.js";
import type { KeyPair } from "./tls-settings.js";

/** What proves to the API server who we are, at one moment. */
export interface Credential {
  /** the header's value: "Bearer …" or "Basic …" */
  authorization?: string | undefined;
  /** from an exec plugin; the certificate of a kubeconfig is part of the TLS settings */
  certificate?: KeyPair | undefined;
}

/** Where credentials come from: the kubeconfig itself, a file, a program, a login server. */
export interface CredentialSource {
  /** The one to use now. @throws UserError when there is none that is valid */
  current(): Promise<Credential>;
  /** After a 401. True when {@link current} may give another one now. */
  renew(): boolean;
}

/** User name and password. */
export interface Login {
  username?: string | undefined;
  password?: string | undefined;
}

/** A credential that does not change. */
export function fixed(credential: Credential): CredentialSource {
  return { current: () => Promise.resolve(credential), renew: () => false };
}

/** @throws UserError for a token that HTTP cannot carry, without showing it */
export function bearer(token: string, doing: string): Credential {
  if (/[^\x21-\x7e]/.test(token)) {
    throw new UserError(`${doing}: the token has a space, a line break or a letter that no token has`, {
      hint: "Write the token again, alone and on one line",
    });
  }
  return { authorization: `Bearer ${token}` };
}

export function basic({ username = "", password = "" }: Login): Credential {
  const encoded = Buffer.from(`${username}:${password}`).toString("base64");
  return { authorization: `Basic ${encoded}` };
}

/**
 * A token in a file, which somebody else replaces from time to time (kubelet: service accounts). It is read for every
 * request, as that costs less than a wrong guess of how long it holds.
 *
 * @param fallback used while the file cannot be read (kubectl: `token` next to `tokenFile`)
 */
export function tokenFile(file: string, fallback: string | undefined, doing: string): CredentialSource {
  let lastUsed: string | undefined;
  return {
    async current() {
      const text = await readFile(file, "utf8").catch((error) => {
        if (fallback !== undefined) return fallback;
        throw new UserError(`${doing}: cannot read the token file ${file}: ${systemReason(error)}`, {
          hint: "Correct tokenFile in the kubeconfig, or add --token",
          cause: error,
        });
      });
      lastUsed = text.trim();
      if (lastUsed === "") {
        throw new UserError(`${doing}: the token file ${file} is empty`, {
          hint: "Wait until it is written, or add --token",
        });
      }
      return bearer(lastUsed, doing);
    },
    renew() {
      try {
        return readFileSync(file, "utf8").trim() !== lastUsed;
      } catch {
        // gone for a moment, while it is replaced
        return false;
      }
    },
  };
}
