import { ExitCode, UserError } from "../errors.js";
import { HelmRelease } from "../flux/helm-release.js";
import { Deployment, Pod, type PodRunner, type PodSpec, StatefulSet } from "../kube/kinds.js";
import { type Kstatus, kstatusOf } from "../kube/kstatus.js";
import type { Kube } from "../kube/kube.js";
import type { KubeObject } from "../kube/object.js";
import { isOfKind, renderId } from "../kube/object-id.js";
import { refusalOf, troublesOf } from "../kube/pod-trouble.js";
import { NotReadyError, type TargetState, type WaitTarget, waitUntilReady } from "../kube/wait.js";

/** What says that an install has come to its end: in mode helmrelease it is helm-controller who waits. */
function waitTargets(objects: readonly KubeObject[]): WaitTarget[] {
  return objects.flatMap((object) => {
    const kind = [Deployment, StatefulSet, HelmRelease].find((one) => isOfKind(object, one));
    return kind ? [{ ...object.metadata, kind }] : [];
  });
}

export interface InstallWait {
  /** of the Pods */
  namespace: string;
  signal: AbortSignal;
  onProgress(missing: readonly TargetState[]): void;
  /** the image of the engine, which everybody can build */
  engineImage?: string | undefined;
  /** how long an image may fail to be pulled; a minute when not given */
  pullGraceMs?: number;
}

/**
 * Waits until everything of an install runs. A Pod that cannot start any more ends the wait at once.
 *
 * @throws UserError for such a Pod; NotReadyError at the deadline, with what is missing and what keeps its Pods
 */
export async function waitForInstall(
  kube: Kube,
  objects: readonly KubeObject[],
  { namespace, signal, onProgress, engineImage, pullGraceMs = 60_000 }: InstallWait,
): Promise<void> {
  const end = new AbortController();
  const onAbort = () => end.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  const over = new AbortController();
  const pods = new PodWatch(imagesOf(objects), pullGraceMs, (pod) =>
    end.abort(cannotStart(pod, engineImage)),
  );
  const watching = pods.follow(kube, namespace, over.signal);
  try {
    await waitUntilReady(kube, waitTargets(objects), {
      signal: end.signal,
      judge,
      onProgress,
    });
  } catch (error) {
    if (error instanceof NotReadyError) throw withTroubles(error, pods.troubles());
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    over.abort();
    pods.stop();
    await watching;
  }
}

function judge(object: KubeObject | undefined): Kstatus {
  const status = kstatusOf(object);
  const refusal = object && status.status !== "Current" ? refusalOf(object) : undefined;
  return refusal === undefined ? status : { ...status, message: refusal };
}

function imagesOf(objects: readonly KubeObject[]): Set<string> {
  const pods = objects.map((object) => (object as PodRunner).spec?.template?.spec);
  return new Set(pods.flatMap((pod) => containerImages(pod)));
}

function containerImages({ containers = [], initContainers = [] }: PodSpec = {}): string[] {
  return [...initContainers, ...containers].flatMap(({ image }) => image ?? []);
}

/** The Pods that run the images of the install: others of the namespace, and those that it replaces, do not matter. */
class PodWatch {
  readonly #images: ReadonlySet<string>;
  readonly #pods = new Map<string, Pod>();
  /** since when an image cannot be pulled, by Pod */
  readonly #failing = new Map<string, NodeJS.Timeout>();
  readonly #graceMs: number;
  readonly #giveUp: (pod: Pod) => void;

  constructor(images: ReadonlySet<string>, graceMs: number, giveUp: (pod: Pod) => void) {
    this.#images = images;
    this.#graceMs = graceMs;
    this.#giveUp = giveUp;
  }

  async follow(kube: Kube, namespace: string, signal: AbortSignal): Promise<void> {
    for await (const event of kube.watch(Pod, { namespace, signal })) {
      if (event.type === "set") this.#see(event.key, event.object);
      else if (event.type === "gone") this.#forget(event.key);
      // without the right to read Pods the Deployments must do
      else if (event.type === "unavailable") return;
    }
  }

  troubles(): string[] {
    return [...this.#pods.values()].flatMap(sentencesOf);
  }

  stop(): void {
    for (const timer of this.#failing.values()) clearTimeout(timer);
  }

  #see(key: string, pod: Pod): void {
    if (!containerImages(pod.spec).every((image) => this.#images.has(image))) return;
    this.#pods.set(key, pod);
    const found = troublesOf(pod);
    if (found.some(({ recovers }) => recovers === "never")) this.#giveUp(pod);
    const isFailing = found.some(({ recovers }) => recovers === "pull");
    if (!isFailing) this.#calm(key);
    else if (!this.#failing.has(key))
      this.#failing.set(
        key,
        setTimeout(() => this.#giveUp(this.#pods.get(key) ?? pod), this.#graceMs),
      );
  }

  #forget(key: string): void {
    this.#pods.delete(key);
    this.#calm(key);
  }

  #calm(key: string): void {
    clearTimeout(this.#failing.get(key));
    this.#failing.delete(key);
  }
}

/** "Pod argocd-server-5d… in argocd, container argocd-server: ImagePullBackOff: …" */
function sentencesOf(pod: Pod): string[] {
  const id = renderId({ ...pod.metadata, kind: Pod.kind });
  return troublesOf(pod).map(({ container, why }) => `${id}, container ${container}: ${why}`);
}

function cannotStart(pod: Pod, engineImage: string | undefined): UserError {
  const { namespace, name } = pod.metadata;
  const isEngine = engineImage !== undefined && containerImages(pod.spec).includes(engineImage);
  return new UserError(`Cannot finish the install: ${sentencesOf(pod).join("; ")}`, {
    hint: isEngine
      ? "Build the image from the Dockerfile in flamingo's package, push it, and name it with --flamingo-image; or run flamingo loopback yourself"
      : `See kubectl describe pod ${name} -n ${namespace}; what was applied stays, and install can be run again`,
  });
}

function withTroubles(error: NotReadyError, troubles: readonly string[]): NotReadyError {
  if (troubles.length === 0) return error;
  return new NotReadyError([error.message, ...troubles].join("; "), error.missing, ExitCode.notReady);
}
