import { ExitCode, UserError } from "../errors.js";
import type { NeededSource, SourceAnswer } from "../flux/location.js";
import { ResourceSet } from "../flux/resource-set/resource-set.js";
import { ExternalArtifact } from "../flux/sources.js";
import type { KubeObject } from "../kube/object.js";
import { idOf, keyOf, objectId, renderId } from "../kube/object-id.js";
import { type Input, missingHint } from "./input.js";
import { onlyRef, type Selection } from "./selection.js";

/**
 * Sources by kind, namespace and name. They are read as widely as the workloads were: those of a single REF one by one,
 * as they are needed; those of several by one LIST for each kind, in a namespace or in all of them. From files they are
 * taken one by one, which costs nothing and tells where files contradict each other.
 */
export class SourceCatalog {
  readonly #input: Input;
  readonly #width: "one" | "namespace" | "all";
  readonly #objects = new Map<string, KubeObject>();
  /** scopes that were read, each with the reason why that failed */
  readonly #read = new Map<string, UserError | undefined>();

  constructor(input: Input, selection: Selection) {
    this.#input = input;
    if (input.files || onlyRef(selection)) this.#width = "one";
    else this.#width = "everywhere" in selection && selection.everywhere ? "all" : "namespace";
  }

  /** @throws UserError when it could not be read */
  get(needed: NeededSource): SourceAnswer {
    const scope = this.#scopeOf(needed);
    if (!this.#read.has(scope)) return "unknown";
    const failure = this.#read.get(scope);
    if (failure) throw failure;
    const { kind, ref } = needed;
    return (
      this.#objects.get(keyOf(objectId(kind, ref))) ?? {
        missing: missingHint(this.#input, kind, renderId(ref)),
      }
    );
  }

  async read(needed: readonly NeededSource[]): Promise<void> {
    const scopes = new Map(needed.map((one) => [this.#scopeOf(one), one]));
    await Promise.all([...scopes].map(([scope, one]) => this.#readScope(scope, one)));
  }

  async #readScope(scope: string, needed: NeededSource): Promise<void> {
    try {
      for await (const page of this.#pages(needed)) for (const object of page) this.#keep(object);
      this.#read.set(scope, undefined);
    } catch (error) {
      // when the time is over, that is the end of the whole command
      if (!(error instanceof UserError) || error.exitCode === ExitCode.notReady) throw error;
      // whoever needs a source of this scope fails with it; the others go on
      this.#read.set(scope, error);
    }
  }

  async *#pages({ kind, ref }: NeededSource): AsyncIterable<readonly KubeObject[]> {
    const { reader } = this.#input;
    if (this.#width !== "one") {
      yield* reader.list(kind, { namespace: this.#width === "all" ? undefined : ref.namespace });
      return;
    }
    const object = await reader.find(kind, ref);
    if (object) yield [object];
  }

  /** Of thousands only what is read from them; files know by the object itself where it stands. */
  #keep(object: KubeObject): void {
    const { apiVersion, kind } = object;
    const { name, namespace, labels } = object.metadata;
    const { spec } = object as KubeObject & { spec?: object };
    // those of an artifact say from which folder it was made, those of a ResourceSet who applied it
    const metadata =
      kind === ExternalArtifact.kind || kind === ResourceSet.kind
        ? { name, namespace, labels }
        : { name, namespace };
    const slim = { apiVersion, kind, metadata, spec };
    const kept = this.#input.files ? object : (slim as KubeObject);
    this.#objects.set(keyOf(idOf(object)), kept);
  }

  #scopeOf({ kind, ref }: NeededSource): string {
    if (this.#width === "one") return keyOf(objectId(kind, ref));
    return this.#width === "all" ? kind.kind : `${kind.kind}/${ref.namespace}`;
  }
}
