import { redactUrl } from "../redact.js";
import { discovery } from "./discovery.js";
import { type Asked, explain } from "./explain.js";
import { StatusError } from "./failure.js";
import { type ClientOptions, jsonClient } from "./http.js";
import { listPages } from "./list-pages.js";
import type { Kind, KubeObject, ObjectRef } from "./object.js";
import type { ApplyOptions, Kube, ListOptions, ReadOptions } from "./reader.js";
import { apiVersionOf, describeObject, pluralOf, resourceName, resourcePath } from "./resource.js";
import type { Transport } from "./transport.js";

export type KubeOptions = Pick<ClientOptions, "signal" | "requestTimeoutMs" | "trace" | "firstWaitMs">;

/**
 * A live cluster over `transport`. Nothing is asked of it before the first question.
 *
 * A kind without a version that the cluster does not serve has no objects. A kind with a version is asked for without
 * looking first; when the cluster turns out not to serve it, `find`, `list` and `apply` throw (exit code 6).
 */
export function openKube(transport: Transport, options: KubeOptions): Kube {
  const server = redactUrl(transport.server);
  const client = jsonClient(transport, options);
  const { newestVersion, servedVersions, forget } = discovery(client);
  const ask = (doing: string, access?: Asked["access"]): Asked => ({
    doing,
    server,
    context: transport.description,
    secrets: transport.secrets,
    ...(access ? { access } : {}),
  });

  /** @param doing what the version is wanted for: that is what fails when it cannot be found out */
  async function versionOf(kind: Kind, doing: string): Promise<string | undefined> {
    // the core group has only ever had v1
    const known = kind.version ?? (kind.group === "" ? "v1" : undefined);
    return known ?? explained(ask(doing), newestVersion(kind));
  }

  return {
    server,
    servedVersion: (kind) => versionOf(kind, `find out in which version ${resourceName(kind)} is served`),
    servedVersions: (kind) =>
      explained(ask(`find out in which versions ${resourceName(kind)} is served`), servedVersions(kind)),

    async read(path: string, doing: string, { once = false }: ReadOptions = {}): Promise<unknown> {
      const answer = client.send({ method: "GET", path, ...(once ? { maxTries: 1 } : {}) });
      const notThere = (error: unknown) => {
        if (error instanceof StatusError && error.status === 404) return undefined;
        throw error;
      };
      return (await explained(ask(doing), answer.catch(notThere)))?.body;
    },

    async find<T extends KubeObject>(kind: Kind<T>, ref: ObjectRef): Promise<T | undefined> {
      const doing = `read ${describeObject(kind, ref)}`;
      const version = await versionOf(kind, doing);
      if (version === undefined) return undefined;
      const asked = ask(doing, { verb: "get", kind, namespace: ref.namespace });
      const answer = client.send({ method: "GET", path: resourcePath(kind, version, ref) });
      const found = await explained(asked, answer.catch(undefinedIfMissing));
      return found?.body as T | undefined;
    },

    async *list<T extends KubeObject>(kind: Kind<T>, wanted: ListOptions = {}): AsyncGenerator<T[]> {
      const { namespace, labels, name } = wanted;
      const doing = `list ${pluralOf(kind)}${namespace === undefined ? "" : ` in ${namespace}`}`;
      const version = await versionOf(kind, doing);
      if (version === undefined) return;
      const asked = ask(doing, { verb: "list", kind, namespace });
      const query = { labelSelector: labels, fieldSelector: name && `metadata.name=${name}` };
      const path = resourcePath(kind, version, { namespace });
      const pages = listPages<T>(client, { method: "GET", path, query }, options.signal);
      const apiVersion = apiVersionOf(kind, version);
      for await (const page of explainedPages(asked, pages)) {
        // items of built-in kinds come without these two
        yield page.map((item) => (item.kind ? item : { ...item, apiVersion, kind: kind.kind }));
      }
    },

    async create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
      const { metadata } = object;
      const access = { verb: "create", kind, namespace: metadata.namespace } as const;
      const path = resourcePath(kind, versionIn(object), { namespace: metadata.namespace });
      const answer = client.send({ method: "POST", path, body: object });
      const { body } = await explained(ask(`create ${describeObject(kind, metadata)}`, access), answer);
      return body as T;
    },

    async apply<T extends KubeObject>(kind: Kind<T>, object: T, how: ApplyOptions): Promise<T> {
      const { metadata } = object;
      const access = { verb: "patch", kind, namespace: metadata.namespace } as const;
      const asked = ask(`apply ${describeObject(kind, metadata)}`, access);
      const answer = client.send({
        method: "PATCH",
        path: resourcePath(kind, versionIn(object), metadata),
        query: {
          fieldManager: how.fieldManager,
          force: how.force === true ? "true" : undefined,
          dryRun: how.dryRun === true ? "All" : undefined,
        },
        contentType: "application/apply-patch+yaml",
        body: object,
      });
      const { body } = await explained(asked, answer);
      if (kind.group === "apiextensions.k8s.io") forget();
      return body as T;
    },
  };
}

/** The object says its version itself; the API server refuses a path of another one. */
function versionIn({ apiVersion }: KubeObject): string {
  return apiVersion.replace(/^.*\//, "");
}

/** A 404 that names the object says that it is missing; any other one that its API is. */
function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof StatusError && error.status === 404 && error.body.details?.name) return undefined;
  throw error;
}

async function explained<T>(asked: Asked, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explain(asked, error);
  }
}

async function* explainedPages<T>(asked: Asked, pages: AsyncIterable<T[]>): AsyncGenerator<T[]> {
  try {
    yield* pages;
  } catch (error) {
    throw explain(asked, error);
  }
}
