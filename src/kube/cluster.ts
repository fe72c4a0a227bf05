import { redactUrl } from "../redact.js";
import { readContent } from "./answer.js";
import type { Access, Asked } from "./asked.js";
import { discovery } from "./discovery.js";
import { explain } from "./explain.js";
import { StatusError } from "./failure.js";
import { type ClientOptions, jsonClient } from "./http.js";
import { Pod } from "./kinds.js";
import type { Kube, ListOptions, ReadOptions, WatchEvent, WatchOptions } from "./kube.js";
import { listPages } from "./list-pages.js";
import { findRequest, listRequest, typed } from "./list-request.js";
import type { Kind, KubeObject, ObjectRef } from "./object.js";
import { objectId, renderId } from "./object-id.js";
import { pluralOf, resourceName, resourcePath } from "./resource.js";
import type { Transport } from "./transport.js";
import { writerTo } from "./writer.js";

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
  const ask = (doing: string, access?: Access): Asked => ({
    doing,
    server,
    context: transport.description,
    secrets: transport.secrets,
    access,
  });

  /** @param doing what the version is wanted for: that is what fails when it cannot be found out */
  async function versionOf(kind: Kind, doing: string): Promise<string | undefined> {
    // the core group has only ever had v1
    const known = kind.version ?? (kind.group === "" ? "v1" : undefined);
    return known ?? explained(ask(doing), newestVersion(kind));
  }

  return {
    server,
    context: transport.description,
    servedVersion: (kind) => versionOf(kind, `find out in which version ${resourceName(kind)} is served`),
    servedVersions: (kind) =>
      explained(ask(`find out in which versions ${resourceName(kind)} is served`), servedVersions(kind)),

    async read(path: string, doing: string, { once = false, accept }: ReadOptions = {}): Promise<unknown> {
      const answer = client.send({
        method: "GET",
        path,
        ...(once ? { maxTries: 1 } : {}),
        ...(accept === undefined ? {} : { accept }),
      });
      const notThere = (error: unknown) => {
        if (error instanceof StatusError && error.status === 404) return undefined;
        throw error;
      };
      return (await explained(ask(doing), answer.catch(notThere)))?.body;
    },

    async find<T extends KubeObject>(
      kind: Kind<T>,
      ref: ObjectRef,
      wanted: Pick<ListOptions, "metadataOnly"> = {},
    ): Promise<T | undefined> {
      const doing = `read ${renderId(objectId(kind, ref))}`;
      const version = await versionOf(kind, doing);
      if (version === undefined) return undefined;
      const asked = ask(doing, { verb: "get", kind, namespace: ref.namespace });
      const answer = client.send(findRequest(kind, version, ref, wanted));
      const found = await explained(asked, answer.catch(undefinedIfMissing));
      return found && typed(kind, version)(found.body as T);
    },

    async *list<T extends KubeObject>(kind: Kind<T>, wanted: ListOptions = {}): AsyncGenerator<T[]> {
      const { namespace } = wanted;
      const doing = `list ${pluralOf(kind)}${namespace === undefined ? "" : ` in ${namespace}`}`;
      const version = await versionOf(kind, doing);
      if (version === undefined) return;
      const pages = listPages<T>(client, listRequest(kind, version, wanted), options.signal);
      const asked = ask(doing, { verb: "list", kind, namespace });
      for await (const page of explainedPages(asked, pages)) yield page.map(typed(kind, version));
    },

    async *watch<T extends KubeObject>(
      kind: Kind<T>,
      wanted: WatchOptions = {},
    ): AsyncGenerator<WatchEvent<T>> {
      // loaded here: most commands ask once and end
      const { watchObjects } = await import("./watch/watch.js");
      const { namespace } = wanted;
      const doing = `watch ${pluralOf(kind)}${namespace === undefined ? "" : ` in ${namespace}`}`;
      yield* watchObjects(
        {
          client,
          signal: options.signal,
          firstWaitMs: options.firstWaitMs,
          versionOf: () => versionOf(kind, doing),
          forget,
          explain: (verb, error) => explain(ask(doing, { verb, kind, namespace }), error),
        },
        kind,
        wanted,
      );
    },

    async readLog(pod, container, lines) {
      const texts = jsonClient(transport, {
        ...options,
        read: async (raw) => ({ ...raw, body: (await readContent(raw)).toString("utf8") }),
      });
      const answer = texts.send({
        method: "GET",
        path: `${resourcePath(Pod, "v1", pod)}/log`,
        query: { container, tailLines: String(lines) },
        accept: "*/*",
        maxTries: 1,
      });
      const doing = `read the log of ${renderId(objectId(Pod, pod))}`;
      const access = { verb: "get", kind: Pod, namespace: pod.namespace, subresource: "log" } as const;
      return (await explained(ask(doing, access), answer)).body as string;
    },

    async openPort(pod, port) {
      const { openPodPort } = await import("./port-forward/pod-port.js");
      return openPodPort({ client, ask, signal: options.signal }, pod, port);
    },

    ...writerTo({
      versionOf,
      send: (doing, access, request) => explained(ask(doing, access), client.send(request)),
      failed: (doing, access, failure) => explain(ask(doing, access), failure),
      onWrite(kind) {
        if (kind.group === "apiextensions.k8s.io") forget();
      },
    }),
  };
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
