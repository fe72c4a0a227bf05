import { ExitCode, UserError } from "../../errors.js";
import { Contradiction } from "../../files/file-reader.js";
import { type Location, locate } from "../../flux/location.js";
import { cannot, SourceMissing } from "../../flux/location-errors.js";
import type { SourceRef } from "../../flux/source-ref.js";
import { sourceKinds } from "../../flux/sources.js";
import type { Workload } from "../../flux/workload.js";
import type { KubeObject } from "../../kube/object.js";
import { renderId } from "../../kube/object-id.js";
import type { Input } from "../../workloads/input.js";

/** A workload with the place of its content, or why that is not known. */
export type Located = { workload: Workload; location: Location } | { workload: Workload; failure: UserError };

/** One workload: each source is read as it is needed. */
export async function locateOne(workload: Workload, input: Input): Promise<Located> {
  const steps = locate(workload);
  try {
    let step = steps.next();
    while (!step.done) step = steps.next(await findSource(step.value, input));
    return { workload, location: step.value };
  } catch (error) {
    return { workload, failure: explained(error, workload, input) };
  }
}

/**
 * Many workloads: the sources that they name are read by one LIST for each kind, or for each kind and namespace unless
 * `everywhere`. Sources that point to further ones (a HelmChart, an ExternalArtifact) take another round. From files
 * they are taken one by one, which costs nothing and tells where files contradict each other.
 */
export async function locateAll(
  workloads: readonly Workload[],
  input: Input,
  everywhere: boolean,
): Promise<Located[]> {
  if (input.files) return Promise.all(workloads.map((workload) => locateOne(workload, input)));
  const catalog = new SourceCatalog(input, everywhere);
  const located = new Map<Workload, Located>();
  let open = workloads;
  while (open.length > 0) {
    const missing: SourceRef[] = [];
    open = open.filter((workload) => {
      const result = locateFrom(workload, catalog, input);
      if ("unread" in result) {
        missing.push(result.unread);
        return true;
      }
      located.set(workload, result);
      return false;
    });
    await catalog.read(missing);
  }
  return workloads.flatMap((workload) => located.get(workload) ?? []);
}

function locateFrom(
  workload: Workload,
  catalog: SourceCatalog,
  input: Input,
): Located | { unread: SourceRef } {
  const steps = locate(workload);
  try {
    let step = steps.next();
    while (!step.done) {
      const known = catalog.get(step.value);
      if (known === "unread") return { unread: step.value };
      step = steps.next(known);
    }
    return { workload, location: step.value };
  } catch (error) {
    return { workload, failure: explained(error, workload, input) };
  }
}

/** Sources by kind, namespace and name, only those fields that are read from them. */
class SourceCatalog {
  readonly #input: Input;
  readonly #everywhere: boolean;
  readonly #objects = new Map<string, KubeObject>();
  readonly #read = new Map<string, UserError | undefined>();

  constructor(input: Input, everywhere: boolean) {
    this.#input = input;
    this.#everywhere = everywhere;
  }

  /** @throws UserError when its kind could not be listed */
  get(ref: SourceRef): KubeObject | undefined | "unread" {
    const scope = this.#scopeOf(ref);
    if (!this.#read.has(scope)) return "unread";
    const failure = this.#read.get(scope);
    if (failure) throw failure;
    return this.#objects.get(keyOf(ref.kind, ref.namespace, ref.name));
  }

  async read(refs: readonly SourceRef[]): Promise<void> {
    const scopes = new Map(refs.map((ref) => [this.#scopeOf(ref), ref]));
    await Promise.all([...scopes].map(([scope, ref]) => this.#list(scope, ref)));
  }

  async #list(scope: string, { kind, namespace }: SourceRef): Promise<void> {
    const source = sourceKinds[kind];
    try {
      if (source) {
        const where = this.#everywhere ? undefined : namespace;
        for await (const page of this.#input.reader.list(source, { namespace: where })) {
          for (const object of page) this.#keep(object);
        }
      }
      this.#read.set(scope, undefined);
    } catch (error) {
      if (!(error instanceof UserError) || error.exitCode === ExitCode.notReady) throw error;
      // whoever needs a source of this kind fails with it; the others go on
      this.#read.set(scope, error);
    }
  }

  #keep(object: KubeObject): void {
    const { apiVersion, kind, metadata } = object;
    const { spec } = object as KubeObject & { spec?: object };
    const slim = { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace }, spec };
    this.#objects.set(keyOf(kind, metadata.namespace ?? "", metadata.name), slim as KubeObject);
  }

  #scopeOf({ kind, namespace }: SourceRef): string {
    return this.#everywhere ? kind : `${kind}/${namespace}`;
  }
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}

async function findSource(ref: SourceRef, { reader }: Input): Promise<KubeObject | undefined> {
  const kind = sourceKinds[ref.kind];
  return kind && reader.find(kind, ref);
}

function explained(error: unknown, workload: Workload, { files }: Input): UserError {
  // when the time is over, that is the end of the whole command
  if (!(error instanceof UserError) || error.exitCode === ExitCode.notReady) throw error;
  if (error instanceof Contradiction) {
    const clause = error.message.replace(/^Cannot tell/, "it cannot be told");
    return new UserError(`${cannot(workload)}: ${clause}`, { hint: error.hint, cause: error });
  }
  if (!(error instanceof SourceMissing)) return error;
  const { ref } = error;
  return new UserError(error.message, {
    hint:
      files?.missingHint(renderId(ref)) ??
      `See what there is: kubectl get ${sourceKinds[ref.kind]?.plural}.${sourceKinds[ref.kind]?.group} -A`,
    cause: error,
  });
}
