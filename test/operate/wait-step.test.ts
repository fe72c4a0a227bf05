import { describe, expect, test } from "vitest";
import { sourceChainOf } from "../../src/flux/source-chain.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { type WaitWish, waitStep } from "../../src/operate/wait-step.js";
import { hr } from "../builders/flux.js";
import { commit, gitRepository, kustomization, ready, reconciled, revision } from "../report/objects.js";

const next = "ffffffffffffffffffffffffffffffffffffffff";
const name = "GitRepository podinfo in apps";
const newer = { artifact: { revision: `main@sha1:${next}` } };

const git = (status: object = {}, spec: object = {}) =>
  ({
    ...reconciled(gitRepository, { ...gitRepository.status, ...status }),
    spec,
  }) as LiveObject;

const failing = (reason: string, message: string, more: object = {}) => ({
  conditions: [{ ...ready, status: "False", reason, message }],
  ...more,
});
const ks = (status: object = {}, spec: object = {}) => kustomization([], { spec, status });
const tried = (text: string) => ({ lastAttemptedRevision: `main@sha1:${text}` });

interface Told {
  sources?: LiveObject[];
  wish?: Partial<WaitWish>;
  wasHeld?: boolean;
}

function step(workload: FluxWorkload, { sources = [git()], wish = {}, wasHeld = false }: Told = {}) {
  return waitStep({
    workload,
    chain: sourceChainOf(workload, sources),
    wish: { until: "healthy", revision: undefined, ...wish },
    wasHeld,
    isUnread: () => false,
    waitingFor: () => "waits for Kustomization base in apps, which is suspended",
  });
}

const isReady = { is: "ready", message: ready.message };
const because = (text: string) => ({ is: "waiting", because: text });
const why = (text: string, hint?: string) => ({ is: "failed", why: text, ...(hint ? { hint } : {}) });
/** … for as long as the source does not hold what is asked for. */
const fetched = (text: string) => ({
  ...because(text),
  hint: "To have the source fetched now: flamingo reconcile ks/podinfo -n apps --with-source",
});
const wait = (asked: string): Told => ({ wish: { revision: asked } });

describe("without a revision", () => {
  test.each<[string, FluxWorkload, Told, object]>([
    ["it is ready", ks(), {}, isReady],
    ["it is ready, whatever has become of its source", ks(), { sources: [] }, isReady],
    [
      "it is suspended",
      ks({}, { suspend: true }),
      {},
      why("it is suspended", "Resume it: flamingo resume ks/podinfo -n apps"),
    ],
    ["Flux has said nothing yet", ks({ conditions: [] }), {}, because("is being reconciled")],
    [
      "the verdict is about an older generation",
      { ...ks(), metadata: { ...ks().metadata, generation: 2 } },
      {},
      because("is being reconciled"),
    ],
    [
      "it is under way",
      ks({ conditions: [{ ...ready, status: "Unknown", message: "Running health checks" }] }),
      {},
      because("is being reconciled: Running health checks"),
    ],
    [
      "it waits for a dependency",
      ks(failing("DependencyNotReady", "dependency 'apps/base' is not ready")),
      {},
      because("waits for Kustomization base in apps, which is suspended"),
    ],
    ["it does not build", ks(failing("BuildFailed", "no such file")), {}, why("no such file")],
    [
      "what did not build is behind the source",
      ks(failing("BuildFailed", "no such file", tried(commit))),
      { sources: [git(newer)] },
      because("failed, and Flux tries again: no such file"),
    ],
    [
      "its objects are not healthy yet",
      ks(failing("HealthCheckFailed", "timeout waiting for: [Deployment/apps/web]")),
      {},
      because("failed, and Flux tries again: timeout waiting for: [Deployment/apps/web]"),
    ],
    [
      "its source is gone",
      ks(failing("ArtifactFailed", "GitRepository not found")),
      { sources: [] },
      because(`waits for ${name}, which does not exist`),
    ],
    [
      "its source fails",
      ks(failing("ArtifactFailed", "artifact not found")),
      { sources: [git(failing("GitOperationFailed", "no route to host"))] },
      because(`waits for ${name}, which failed: no route to host`),
    ],
    ["it is ready with less than its source holds", ks(), { sources: [git(newer)] }, isReady],
    [
      "it is ready with less than its source holds, and all is asked for",
      ks(),
      { sources: [git(newer)], wish: { until: "reconciled" } },
      because("has not applied what its source holds"),
    ],
    ["it is ready with all", ks(), { wish: { until: "reconciled" } }, isReady],
  ])("%s", (_, workload, told, expected) => expect(step(workload, told)).toEqual(expected));

  test("a HelmRelease that is stalled has failed for good", () => {
    const stalled = reconciled(hr("redis"), {
      conditions: [
        { ...ready, status: "False", reason: "UpgradeFailed", message: "timed out" },
        { type: "Stalled", status: "True", reason: "RetriesExceeded", message: "no retries left" },
      ],
    }) as FluxWorkload;
    expect(step(stalled)).toEqual(why("no retries left; timed out"));
  });

  test("what is being deleted will not come", () => {
    const { metadata, ...rest } = ks();
    const going = { ...rest, metadata: { ...metadata, deletionTimestamp: "2026-11-21T09:00:00Z" } };
    expect(step(going as FluxWorkload)).toEqual(why("it is being deleted"));
  });
});

describe("a revision", () => {
  const history = (...commits: string[]) => ({
    history: commits.map((text) => ({ metadata: { revision: `main@sha1:${text}` } })),
  });
  const leftBehind = (asked: string) =>
    why(
      `${name} has left ${asked} behind, and it runs ${revision}`,
      "To wait for what the source holds, leave --revision out",
    );

  test.each<[string, FluxWorkload, Told, object]>([
    ["runs", ks(), wait("0123456"), isReady],
    [
      "is not known to the source yet",
      ks(),
      wait(next),
      fetched(`waits until ${name} holds ${next}, where ${revision} is`),
    ],
    [
      "is held, and not applied",
      ks(),
      { sources: [git(newer)], ...wait(next) },
      because("has not applied what its source holds"),
    ],
    [
      "is being applied",
      ks({ conditions: [{ ...ready, status: "Unknown", message: "Building manifests" }] }),
      { sources: [git(newer)], ...wait(next) },
      because("is being reconciled: Building manifests"),
    ],
    [
      "does not build",
      ks(failing("BuildFailed", "no such file", tried(next))),
      { sources: [git(newer)], ...wait(next) },
      why("no such file"),
    ],
    [
      "may still build when one before it did not",
      ks(failing("BuildFailed", "no such file", tried(commit))),
      wait(next),
      fetched("failed, and Flux tries again: no such file"),
    ],
    ["was held and is left behind", ks(), { ...wait(next), wasHeld: true }, leftBehind(next)],
    ["ran once", ks(history(commit, next)), wait(next), leftBehind(next)],
    [
      "was held, and what came after it is not applied yet",
      ks({ conditions: [{ ...ready, status: "Unknown", message: "Building manifests" }] }),
      { ...wait(next), wasHeld: true },
      fetched("is being reconciled: Building manifests"),
    ],
    [
      "cannot come from a source that is suspended",
      ks(),
      { sources: [git({}, { suspend: true })], ...wait(next) },
      why(
        `${name} is suspended, and does not hold ${next}`,
        "Have it fetched again, or leave --revision out",
      ),
    ],
    [
      "runs already, suspended source or not",
      ks(),
      { sources: [git({}, { suspend: true })], ...wait(commit) },
      isReady,
    ],
    [
      "cannot come while the source fails",
      ks(),
      { sources: [git(failing("GitOperationFailed", "no route to host"))], ...wait(next) },
      fetched(`waits for ${name}, which failed: no route to host`),
    ],
  ])("%s", (_, workload, told, expected) => expect(step(workload, told)).toEqual(expected));
});
