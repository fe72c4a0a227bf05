import { onTestFinished } from "vitest";
import { digestOf } from "./artifact-server.js";
import { serve } from "./http-server.js";

/** A bucket as S3 serves it to who only reads: as much of it as source-controller asks for. It ends with the test. */
export class ServedBucket {
  /** what a Bucket's `endpoint` is, with `insecure: true`: "127.0.0.1:PORT" */
  readonly endpoint: string;
  readonly #files: Map<string, Buffer>;

  private constructor(url: string, files: Map<string, Buffer>) {
    this.endpoint = new URL(url).host;
    this.#files = files;
  }

  /** An empty one. @param name what a Bucket's `bucketName` is */
  static async create(name: string): Promise<ServedBucket> {
    const files = new Map<string, Buffer>();
    const server = await serve(({ method, url = "" }, response) => {
      const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
      const key = pathname.slice(`/${name}/`.length);
      const content = key === "" ? Buffer.from(listing(name, files)) : files.get(key);
      if (searchParams.has("location")) return void response.end("<LocationConstraint/>");
      if (!content) return void response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
      response.setHeader("content-length", content.length);
      response.setHeader("etag", etagOf(content));
      response.setHeader("last-modified", new Date(0).toUTCString());
      response.end(method === "HEAD" ? undefined : content);
    });
    onTestFinished(server.stop);
    return new ServedBucket(server.url, files);
  }

  /** Puts these there, "app/deployment.yaml" → text. */
  put(files: Readonly<Record<string, string>>): void {
    for (const [key, text] of Object.entries(files)) this.#files.set(key, Buffer.from(text));
  }
}

/** The answer to `ListObjectsV2`. */
function listing(name: string, files: ReadonlyMap<string, Buffer>): string {
  const contents = [...files].map(
    ([key, content]) =>
      `<Contents><Key>${key}</Key><LastModified>1970-01-01T00:00:00Z</LastModified>` +
      `<ETag>${etagOf(content)}</ETag><Size>${content.length}</Size></Contents>`,
  );
  return `<ListBucketResult><Name>${name}</Name><IsTruncated>false</IsTruncated>${contents.join("")}</ListBucketResult>`;
}

function etagOf(content: Buffer): string {
  return `"${digestOf(content).slice("sha256:".length)}"`;
}
