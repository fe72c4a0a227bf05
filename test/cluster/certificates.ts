import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import * as der from "./der.js";

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface Authority extends KeyPair {
  commonName: string;
}

export interface CertificateRequest {
  /** of a client: the user's name */
  commonName: string;
  /** of a client: the user's groups */
  organizations?: string[];
  /** of a server: its host names and IPv4 addresses */
  hosts?: string[];
  /** an hour ago when not given */
  notBefore?: Date;
  /** in ten years when not given */
  notAfter?: Date;
}

/** A certificate authority with a name of its own. */
export function createAuthority(): Authority {
  const commonName = `flamingo test authority ${randomBytes(4).toString("hex")}`;
  const { key, publicKey } = newKey();
  const extensions = [
    extension("2.5.29.19", true, der.sequence(der.boolean(true))), // basicConstraints: may sign certificates
    extension("2.5.29.15", true, der.bitString(Buffer.from([0b0000_0110]), 1)), // keyUsage: certificates and CRLs
  ];
  return { commonName, key, cert: certificate({ commonName }, publicKey, extensions, { commonName, key }) };
}

/** A certificate for servers and clients alike, with a new key, signed by `authority`. */
export function issueCertificate(authority: Authority, request: CertificateRequest): KeyPair {
  const { key, publicKey } = newKey();
  const serverAndClient = der.sequence(der.oid("1.3.6.1.5.5.7.3.1"), der.oid("1.3.6.1.5.5.7.3.2"));
  const extensions = [
    extension("2.5.29.15", true, der.bitString(Buffer.from([0b1000_0000]), 7)), // keyUsage: signatures
    extension("2.5.29.37", false, serverAndClient), // extKeyUsage
  ];
  if (request.hosts)
    extensions.push(extension("2.5.29.17", false, der.sequence(...request.hosts.map(hostName))));
  return { key, cert: certificate(request, publicKey, extensions, authority) };
}

/** A private key, PEM. On a curve, because such a key is made in a millisecond. */
export function newKey(): { key: string; publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    key: privateKey.export({ type: "sec1", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "der" }),
  };
}

/** RFC 5280 section 4.1, version 3. */
function certificate(
  request: CertificateRequest,
  publicKey: Buffer,
  extensions: Buffer[],
  issuer: { commonName: string; key: string },
): string {
  const notBefore = request.notBefore ?? new Date(Date.now() - 3_600_000);
  const notAfter = request.notAfter ?? new Date(Date.now() + 10 * 365 * 24 * 3_600_000);
  const ecdsaWithSha256 = der.sequence(der.oid("1.2.840.10045.4.3.2"));
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(issuer.commonName, []),
    der.sequence(der.time(notBefore), der.time(notAfter)),
    distinguishedName(request.commonName, request.organizations ?? []),
    publicKey,
    der.explicit(3, der.sequence(...extensions)),
  );
  const signature = der.bitString(sign("sha256", toBeSigned, issuer.key));
  const lines = der
    .sequence(toBeSigned, ecdsaWithSha256, signature)
    .toString("base64")
    .match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${lines?.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string, organizations: string[]): Buffer {
  const attribute = (id: string, text: string) => der.set(der.sequence(der.oid(id), der.utf8(text)));
  return der.sequence(
    ...organizations.map((organization) => attribute("2.5.4.10", organization)),
    attribute("2.5.4.3", commonName),
  );
}

function extension(id: string, critical: boolean, content: Buffer): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(content));
}

/** A GeneralName: an address has number 7, a host name number 2. */
function hostName(host: string): Buffer {
  return isIP(host) === 4
    ? der.implicit(7, Buffer.from(host.split(".").map(Number)))
    : der.implicit(2, Buffer.from(host));
}
