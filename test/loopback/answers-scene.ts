import type { Application } from "../../src/argo/application.js";
import type { Condition } from "../../src/flux/condition.js";
import { noSources, sourceChainOf } from "../../src/flux/source-chain.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { idOf } from "../../src/kube/object-id.js";
import type { Answer, Step } from "../../src/loopback/answers/answer.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import type { Situation } from "../../src/loopback/answers/situation.js";
import { charts, flux, hr } from "../builders/flux.js";
import { live } from "../builders/kube.js";
import { application, gitRepository, kustomization, reconciled } from "../report/objects.js";

export const requestedAt = "reconcile.fluxcd.io/requestedAt";
export const start = new Date("2026-11-21T10:00:00.123Z");
/** what Flux is asked with by a Sync at that time */
export const token = "2026-11-21T10:00:00.123Z";

const chart = { chart: "podinfo", version: "6.x", sourceRef: { kind: "HelmRepository", name: "charts" } };

/** A HelmRelease of a chart in a HelmRepository, with the chart that helm-controller made. */
export const helmRelease = reconciled(hr("podinfo", { chart: { spec: chart } }), {
  helmChart: "apps/apps-podinfo",
  lastAttemptedRevision: "6.5.0",
  history: [{ version: 1, chartVersion: "6.5.0", status: "deployed" }],
});

export const helmRepository = live({
  ...charts,
  status: { artifact: { revision: `sha256:${"1".repeat(64)}` } },
});

export const helmChart = live({
  ...flux("HelmChart", "apps-podinfo", chart),
  status: { artifact: { revision: "6.5.0" } },
});

/** The Application of a Kustomization, with the changes that RFC 7386 makes of a patch. */
export function applicationWith(patch: object = {}): Application {
  return merged(
    {
      ...application,
      metadata: {
        ...application.metadata,
        uid: "5f3c8c1e",
        resourceVersion: "1",
      },
    },
    patch,
  ) as Application;
}

/** A Sync as the page sends it and Argo CD's server writes it. */
export function syncOf(changes: object = {}): object {
  return {
    sync: {
      revision: "main",
      syncStrategy: { hook: {} },
      syncOptions: ["ApplyOutOfSyncOnly=true"],
      ...changes,
    },
    initiatedBy: { username: "admin" },
    retry: {},
  };
}

/** Something to answer: a Kustomization and its GitRepository, all permitted, but for what is told otherwise. */
export function situation({
  sources = [gitRepository],
  application = applicationWith(),
  ...changes
}: Partial<Situation> & { sources?: readonly LiveObject[] } = {}): Situation {
  const workload = "workload" in changes ? changes.workload : kustomization();
  return {
    application,
    workloadId: idOf(workload ?? kustomization()),
    workload,
    chain: workload ? sourceChainOf(workload, sources) : noSources,
    unread: [],
    denial: undefined,
    isUndecided: false,
    closed: undefined,
    permitted: () => true,
    applied: [],
    flux: () => [kustomization(), ...sources],
    eventLabels: {},
    now: start,
    ...changes,
  };
}

/** Each step in a line, but for those that only say who asks: "ask GitRepository/podinfo", "delete …", "event REASON", "patch". */
export function outline(answer: Answer | undefined): string[] {
  const steps = (answer?.steps ?? []).filter(
    (step) => step.do !== "annotate" || requestedAt in step.annotations,
  );
  return steps.map((step) => {
    if (step.do === "event") return `event ${step.event.reason}`;
    if (step.do === "patch") return "patch";
    return `${step.do === "annotate" ? "ask" : "delete"} ${step.kind.kind}/${step.ref.name}`;
  });
}

/** An Application and Flux objects that answers are carried out on, and people and Flux act on. */
export class Scene {
  application = applicationWith();
  #objects: Map<string, LiveObject>;
  #workload: string;
  #now = start.getTime();

  constructor(workload: LiveObject = kustomization(), sources: readonly LiveObject[] = [gitRepository]) {
    this.#workload = workload.kind;
    this.#objects = new Map([...sources, workload].map((item) => [item.kind, item]));
  }

  get phase(): string | undefined {
    return this.application.status?.operationState?.phase;
  }

  get message(): string | undefined {
    return this.application.status?.operationState?.message;
  }

  /** What Argo CD's server writes, which removes the operationState. */
  press(operation: object): void {
    this.patch({ operation, status: { operationState: null } });
  }

  patch(patch: object): void {
    this.application = merged(this.application, patch) as Application;
  }

  /** @param kind there is one of each */
  change(kind: string, patch: object): void {
    this.#objects.set(kind, merged(this.object(kind), patch) as LiveObject);
  }

  object(kind: string): LiveObject & { metadata: { annotations?: Record<string, string> } } {
    const found = this.#objects.get(kind);
    if (!found) throw new Error(`There is no ${kind}`);
    return found;
  }

  remove(kind: string): void {
    this.#objects.delete(kind);
  }

  /** Flux has reconciled an object, as somebody asked it to. */
  handle(kind: string, ready: Partial<Condition> = {}, status: object = {}): void {
    this.change(kind, {
      status: {
        lastHandledReconcileAt: this.object(kind).metadata.annotations?.[requestedAt],
        conditions: [
          {
            type: "Ready",
            status: "True",
            message: "done",
            lastTransitionTime: "2026-11-21T10:00:05Z",
            ...ready,
          },
        ],
        ...status,
      },
    });
  }

  /** One look, a second after the last: what it did, in lines. */
  look(changes: Partial<Situation> = {}): string[] {
    const workload = this.#objects.get(this.#workload) as FluxWorkload | undefined;
    const sources = [...this.#objects.values()].filter((item) => item !== workload);
    const now = new Date(this.#now);
    this.#now += 1000;
    const { application } = this;
    const answer = answerFor(situation({ application, workload, sources, now, ...changes }));
    for (const step of answer?.steps ?? []) this.#take(step);
    return outline(answer);
  }

  #take(step: Step): void {
    if (step.do === "patch") this.patch(step.patch);
    if (step.do === "delete") this.remove(step.kind.kind);
    if (step.do === "annotate") this.change(step.kind.kind, { metadata: { annotations: step.annotations } });
  }
}

/** A JSON merge patch, RFC 7386. */
export function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> =
    typeof target === "object" && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}
