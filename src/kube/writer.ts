import type { Answer } from "./answer.js";
import type { Access } from "./asked.js";
import { isMissing, StatusError } from "./failure.js";
import type { ApiRequest } from "./http.js";
import type { ApplyOptions, DeleteOptions, Kube, MergePatch, PatchOptions, WriteOptions } from "./kube.js";
import type { Kind, KubeObject, ObjectRef } from "./object.js";
import { objectId, renderId } from "./object-id.js";
import { resourcePath } from "./resource.js";

type Writer = Pick<Kube, "apply" | "create" | "mergePatch" | "replace" | "delete">;

export interface WriterOptions {
  /** @throws UserError that begins with "Cannot DOING" */
  send(doing: string, access: Access, request: ApiRequest): Promise<Answer>;
  /** what {@link send} throws for this failure */
  failed(doing: string, access: Access, failure: StatusError): unknown;
  /** for what does not say its version itself; undefined when the kind is not served */
  versionOf(kind: Kind, doing: string): Promise<string | undefined>;
  /** told of each kind that was written */
  onWrite(kind: Kind): void;
}

/** The half of a live cluster that changes it. */
export function writerTo({ send, failed, versionOf, onWrite }: WriterOptions): Writer {
  async function write<T>(doing: string, access: Access, request: ApiRequest): Promise<T> {
    const { body } = await send(doing, access, request);
    onWrite(access.kind);
    return body as T;
  }

  return {
    apply<T extends KubeObject>(kind: Kind<T>, object: T, { force, ...how }: ApplyOptions): Promise<T> {
      const { metadata } = object;
      return write(`apply ${renderId(objectId(kind, metadata))}`, right("patch", kind, metadata), {
        method: "PATCH",
        path: resourcePath(kind, versionIn(object), metadata),
        query: { ...queryOf(how), force: force === true ? "true" : undefined },
        contentType: "application/apply-patch+yaml",
        body: object,
      });
    },

    create<T extends KubeObject>(kind: Kind<T>, object: T, how: WriteOptions = {}): Promise<T> {
      const { name, namespace } = object.metadata;
      return write(
        `create ${renderId(objectId(kind, { name, namespace }))}`,
        right("create", kind, { namespace }),
        {
          method: "POST",
          path: resourcePath(kind, versionIn(object), { namespace }),
          query: queryOf(how),
          body: object,
        },
      );
    },

    async mergePatch<T extends KubeObject>(
      kind: Kind<T>,
      ref: ObjectRef,
      patch: MergePatch,
      how: PatchOptions,
    ): Promise<T> {
      const doing = `update ${renderId(objectId(kind, ref))}`;
      const access = right("patch", kind, ref, how.subresource);
      const version = await versionOf(kind, doing);
      if (version === undefined) throw failed(doing, access, new StatusError(404, {}));
      return write(doing, access, {
        method: "PATCH",
        path: partOf(resourcePath(kind, version, ref), how),
        query: queryOf(how),
        contentType: "application/merge-patch+json",
        body: onlyIf(how.resourceVersion, patch),
      });
    },

    replace<T extends KubeObject>(kind: Kind<T>, object: T, how: WriteOptions = {}): Promise<T> {
      const { metadata } = object;
      const access = right("update", kind, metadata, how.subresource);
      return write(`update ${renderId(objectId(kind, metadata))}`, access, {
        method: "PUT",
        path: partOf(resourcePath(kind, versionIn(object), metadata), how),
        query: queryOf(how),
        body: object,
      });
    },

    async delete(kind: Kind, ref: ObjectRef, { dryRun, ...how }: DeleteOptions = {}): Promise<boolean> {
      const doing = `delete ${renderId(objectId(kind, ref))}`;
      const version = await versionOf(kind, doing);
      if (version === undefined) return false;
      // where there is a body, the API server does not look into the query
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...how,
        ...(dryRun ? { dryRun: ["All"] } : {}),
      };
      const path = resourcePath(kind, version, ref);
      try {
        await write(doing, right("delete", kind, ref), { method: "DELETE", path, body });
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}

function right(
  verb: Access["verb"],
  kind: Kind,
  { namespace }: { namespace?: string | undefined },
  subresource?: string,
): Access {
  return { verb, kind, namespace, subresource };
}

/** The object says its version itself; the API server refuses a path of another one. */
function versionIn({ apiVersion }: KubeObject): string {
  return apiVersion.replace(/^.*\//, "");
}

function queryOf({ fieldManager, dryRun }: WriteOptions): Record<string, string | undefined> {
  return { fieldManager, dryRun: dryRun === true ? "All" : undefined };
}

function partOf(path: string, { subresource }: WriteOptions): string {
  return subresource === undefined ? path : `${path}/${encodeURIComponent(subresource)}`;
}

/** A patch that names a `resourceVersion` is refused (409) when the object has another one. */
function onlyIf(resourceVersion: string | undefined, patch: MergePatch): MergePatch {
  if (resourceVersion === undefined) return patch;
  return { ...patch, metadata: { ...(patch["metadata"] as object | undefined), resourceVersion } };
}
