import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import tls, { createSecureContext, type SecureContext } from "node:tls";
import { systemReason, UserError } from "../../errors.js";
import type { Access } from "./access.js";

/** What TLS needs to know, read from its files and found usable. PEM texts. */
export interface TlsSettings {
  /** the authority that the kubeconfig or a flag names, trusted instead of all others */
  ownCa: string | undefined;
  certificate: KeyPair | undefined;
  /** expected in the server's certificate instead of its host name */
  servername: string | undefined;
  rejectUnauthorized: boolean;
}

/** A client certificate (its chain too) and its private key, as PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** @throws UserError for a file that is missing or unreadable, and for what is no certificate or no key to it */
export async function readTlsSettings({ cluster, user, description }: Access): Promise<TlsSettings> {
  const doing = `Cannot connect to ${description}`;
  const ca = await pemOf(
    "certificate-authority",
    cluster.certificateAuthorityData,
    cluster.certificateAuthority,
    doing,
  );
  const cert = await pemOf("client-certificate", user.clientCertificateData, user.clientCertificate, doing);
  const key = await pemOf("client-key", user.clientKeyData, user.clientKey, doing);
  if (ca && cluster.insecureSkipTlsVerify === true) {
    throw new UserError(`${doing}: insecure-skip-tls-verify and a certificate-authority exclude each other`, {
      hint: "Take one of them out of the kubeconfig or the command line",
    });
  }
  if (ca) checkCertificate("certificate-authority", ca, doing);
  if (cert) checkCertificate("client-certificate", cert, doing);
  if (cert && !key) {
    throw new UserError(`${doing}: the user has a client-certificate without a client-key`, {
      hint: "Add client-key or client-key-data to the kubeconfig, or --client-key",
    });
  }
  return {
    ownCa: ca?.text,
    certificate: cert && key ? { cert: cert.text, key: key.text } : undefined,
    servername: cluster.tlsServerName,
    rejectUnauthorized: cluster.insecureSkipTlsVerify !== true,
  };
}

/**
 * Made with the first connection and once for all: with a CA of one's own it costs Node 20 some 25 ms, with everybody's
 * Node 24 several times that. With insecure-skip-tls-verify nobody's are read.
 *
 * @param doing begins the sentence: "Cannot connect to context dev"
 * @throws UserError at once when certificate and key do not work together
 */
export function secureContextFor(tlsSettings: TlsSettings, doing: string): () => SecureContext {
  const { certificate, rejectUnauthorized } = tlsSettings;
  if (certificate) checkKeyPair(certificate, doing);
  const make = () => {
    const ca = rejectUnauthorized ? authoritiesOf(tlsSettings) : [];
    return createSecureContext({ ...(ca ? { ca } : {}), ...certificate });
  };
  let made: SecureContext | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Whose certificates are trusted, as PEM: the cluster's own authority, or else Node's roots (with NODE_EXTRA_CA_CERTS) and
 * the operating system's. Reading the latter came with Node 22.15 and takes long, so it is for a connection only; on older
 * versions NODE_EXTRA_CA_CERTS is the way, and undefined leaves the choice to Node.
 */
export function authoritiesOf({ ownCa }: TlsSettings): string[] | undefined {
  if (ownCa !== undefined) return [ownCa];
  const { getCACertificates } = tls as { getCACertificates?: (kind: "default" | "system") => string[] };
  return (
    getCACertificates && withoutDoubles([...getCACertificates("default"), ...getCACertificates("system")])
  );
}

/** Most authorities are in Node's bundle, in the system's and there twice: as the same PEM in lines of another length. */
export function withoutDoubles(certificates: readonly string[]): string[] {
  return [...new Map(certificates.map((pem) => [pem.replaceAll("\n", ""), pem])).values()];
}

function checkKeyPair(certificate: KeyPair, doing: string): void {
  try {
    // without authorities, which would take longer than the rest
    createSecureContext({ ca: [], ...certificate });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMismatch = code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH";
    const why = isMismatch ? "the key belongs to another certificate" : message;
    throw new UserError(`${doing}: the client certificate cannot be used: ${why}`, {
      hint: "Write the user's client-certificate and client-key again (as the tool that made the kubeconfig does)",
      cause: error,
    });
  }
}

interface Pem {
  text: string;
  /** "the certificate-authority /etc/ssl/ca.crt" */
  name: string;
}

async function pemOf(
  field: string,
  data: string | undefined,
  file: string | undefined,
  doing: string,
): Promise<Pem | undefined> {
  if (data !== undefined) return { text: data, name: `the ${field}-data of the kubeconfig` };
  if (file === undefined) return undefined;
  const name = `the ${field} ${file}`;
  try {
    return { text: await readFile(file, "utf8"), name };
  } catch (error) {
    throw new UserError(`${doing}: cannot read ${name}: ${systemReason(error)}`, {
      hint: "Correct its path: in a kubeconfig it is relative to that file, in a flag to the current folder",
      cause: error,
    });
  }
}

/** OpenSSL leaves out a CA that it cannot read, and the failure would then be about the server's certificate. */
function checkCertificate(field: string, { text, name }: Pem, doing: string): void {
  try {
    new X509Certificate(text);
  } catch (error) {
    throw new UserError(`${doing}: ${name} is not a certificate in PEM form`, {
      hint: `A ${field} begins with -----BEGIN CERTIFICATE-----; its -data form is base64 of that`,
      cause: error,
    });
  }
}
