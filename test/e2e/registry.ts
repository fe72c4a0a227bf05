import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tarGz } from "./archive.js";
import { digestOf } from "./artifact-server.js";
import { type Chart, metadataOf, packed } from "./chart.js";

/** The registry on the rig's artifact server, as one that has pushed to it leaves it. Without TLS: `insecure: true`. */
export class Registry {
  /** what a HelmRepository of `type: oci` has as its URL, and an OCIRepository before its name: "oci://127.0.0.1:PORT" */
  readonly url: string;
  readonly #folder: string;

  constructor({ url, folder }: { url: string; folder: string }) {
    this.url = url.replace("http:", "oci:");
    this.#folder = join(folder, "v2");
  }

  /**
   * As `flux push artifact` does. Answers the digest of its manifest, "sha256:…".
   *
   * @param name "shops/web"
   * @param files contents by path
   * @param revision what it was made from: "main@sha1:…"
   */
  pushArtifact(
    name: string,
    tag: string,
    files: Readonly<Record<string, string>>,
    revision: string,
  ): Promise<string> {
    return this.#push(name, tag, {
      config: { mediaType: "application/vnd.cncf.flux.config.v1+json", content: Buffer.from("{}") },
      layer: { mediaType: "application/vnd.cncf.flux.content.v1.tar+gzip", content: tarGz(files) },
      annotations: {
        "org.opencontainers.image.created": new Date().toISOString(),
        "org.opencontainers.image.revision": revision,
      },
    });
  }

  /** As `helm push` does, to `oci://HOST/FOLDER`. Answers the digest of its manifest, "sha256:…". */
  pushChart(folder: string, chart: Chart): Promise<string> {
    return this.#push(`${folder}/${chart.name}`, chart.version.replace("+", "_"), {
      config: {
        mediaType: "application/vnd.cncf.helm.config.v1+json",
        content: Buffer.from(JSON.stringify(metadataOf(chart))),
      },
      layer: { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", content: packed(chart) },
      annotations: {},
    });
  }

  async #push(name: string, tag: string, { config, layer, annotations }: Artifact): Promise<string> {
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: await this.#descriptor(name, config),
        layers: [await this.#descriptor(name, layer)],
        annotations,
      }),
    );
    const digest = digestOf(manifest);
    for (const reference of [digest, tag]) await this.#write(`${name}/manifests/${reference}`, manifest);
    const references = await readdir(join(this.#folder, name, "manifests"));
    const tags = references.filter((reference) => !reference.includes(":"));
    await this.#write(`${name}/tags/list`, Buffer.from(JSON.stringify({ name, tags })));
    return digest;
  }

  async #descriptor(name: string, { mediaType, content }: Blob): Promise<object> {
    const digest = digestOf(content);
    await this.#write(`${name}/blobs/${digest}`, content);
    return { mediaType, digest, size: content.length };
  }

  async #write(path: string, content: Buffer): Promise<void> {
    const file = join(this.#folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

interface Blob {
  mediaType: string;
  content: Buffer;
}

interface Artifact {
  config: Blob;
  layer: Blob;
  annotations: Record<string, string>;
}
