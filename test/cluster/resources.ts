import type { Requester } from "./request.js";

/** A kind as the API server serves it in one version. */
export interface Resource {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  /** whether `.status` is written by itself */
  hasStatus: boolean;
}

/** The URL path of one object, or of all objects when there is no name; of all namespaces when there is none. */
export function resourcePath(resource: Resource, namespace?: string, name?: string): string {
  const root = resource.apiVersion.includes("/")
    ? `/apis/${resource.apiVersion}`
    : `/api/${resource.apiVersion}`;
  if (resource.namespaced && name !== undefined && namespace === undefined)
    throw new Error(`${resource.kind}/${name} needs a namespace`);
  const within = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : "";
  return `${root}${within}/${resource.plural}${name === undefined ? "" : `/${name}`}`;
}

/** Looks kinds up by legacy discovery. What was found is remembered; what was not is asked for again. */
export class Resources {
  readonly #send: Requester;
  readonly #known = new Map<string, Resource>();

  constructor(send: Requester) {
    this.#send = send;
  }

  /** @throws Error when the kind is not served in this version */
  async find(apiVersion: string, kind: string): Promise<Resource> {
    const key = `${apiVersion} ${kind}`;
    if (!this.#known.has(key)) for (const found of await this.list(apiVersion)) this.#remember(found);
    const resource = this.#known.get(key);
    if (!resource)
      throw new Error(`The test cluster does not serve ${kind} in ${apiVersion}: install its CRD first`);
    return resource;
  }

  /** What is served under one `GROUP/VERSION` or `v1`; nothing when that is not served at all. */
  async list(apiVersion: string): Promise<Resource[]> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { status, body } = await this.#send("GET", root);
    if (status === 404) return [];
    if (status !== 200) throw new Error(`GET ${root} answered ${status}`);
    const { resources } = body as { resources: { name: string; kind: string; namespaced: boolean }[] };
    const names = new Set(resources.map(({ name }) => name));
    return resources
      .filter(({ name }) => !name.includes("/"))
      .map(({ name: plural, kind, namespaced }) => ({
        apiVersion,
        kind,
        plural,
        namespaced,
        hasStatus: names.has(`${plural}/status`),
      }));
  }

  /** CRDs change: what was known about these groups may be wrong now. */
  forget(group: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(`${group}/`)) this.#known.delete(key);
  }

  #remember(resource: Resource): void {
    this.#known.set(`${resource.apiVersion} ${resource.kind}`, resource);
  }
}
