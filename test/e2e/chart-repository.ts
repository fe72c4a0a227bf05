import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "./artifact-server.js";
import { type Chart, metadataOf, packed } from "./chart.js";

/** A repository of Helm charts on the rig's artifact server. */
export class ChartRepository {
  /** what a HelmRepository's URL is */
  readonly url: string;
  readonly #folder: string;
  /** of its index, by chart */
  readonly #entries: Record<string, object[]> = {};

  private constructor(url: string, folder: string) {
    this.url = url;
    this.#folder = folder;
  }

  /** An empty one. @param name of its own for each test */
  static async create(
    { url, folder }: { url: string; folder: string },
    name: string,
  ): Promise<ChartRepository> {
    const repository = new ChartRepository(`${url}/charts/${name}`, join(folder, "charts", name));
    await mkdir(repository.#folder, { recursive: true });
    await repository.#writeIndex();
    return repository;
  }

  /** As after `helm package` and `helm repo index`. */
  async push(chart: Chart): Promise<void> {
    const file = `${chart.name}-${chart.version}.tgz`;
    const content = packed(chart);
    await writeFile(join(this.#folder, file), content);
    const digest = digestOf(content).replace("sha256:", "");
    const entry = { ...metadataOf(chart), urls: [file], digest, created: new Date().toISOString() };
    this.#entries[chart.name] = [entry, ...(this.#entries[chart.name] ?? [])];
    await this.#writeIndex();
  }

  async #writeIndex(): Promise<void> {
    const index = { apiVersion: "v1", generated: new Date().toISOString(), entries: this.#entries };
    await writeFile(join(this.#folder, "index.yaml"), JSON.stringify(index));
  }
}
