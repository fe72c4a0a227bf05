import type { Bucket } from "./sources.js";

/** An address to show for a bucket, or the field that does not let us make one. */
export type BucketUrl = { url: string } | { problem: string };

/**
 * The address of a Bucket by its provider, as source-controller's clients reach it. `endpoint` is a host for S3 clients,
 * but the account's URL for azure, and the gcp client ignores it.
 */
export function bucketUrl(spec: NonNullable<Bucket["spec"]>): BucketUrl {
  const { bucketName, endpoint, provider = "generic", region } = spec;
  if (!bucketName) return { problem: "spec.bucketName is empty" };
  if (provider === "gcp") return { url: `https://storage.googleapis.com/${bucketName}` };
  if (!endpoint) return { problem: "spec.endpoint is empty" };
  const host = endpoint.replace(/\/+$/, "");
  switch (provider) {
    case "azure":
      return { url: `${withScheme(host, "https")}/${bucketName}` };
    case "aws":
      if (host !== "s3.amazonaws.com") break;
      return { url: `https://${bucketName}.s3.${region ? `${region}.` : ""}amazonaws.com` };
    case "generic":
      break;
    default:
      return { problem: `spec.provider ${JSON.stringify(provider)} is not known` };
  }
  return { url: `${withScheme(host, spec.insecure ? "http" : "https")}/${bucketName}` };
}

function withScheme(host: string, scheme: string): string {
  return /^https?:\/\//.test(host) ? host : `${scheme}://${host}`;
}
