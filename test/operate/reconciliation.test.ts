import { describe, expect, test } from "vitest";
import { sourceChainOf } from "../../src/flux/source-chain.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { idOf, keyOf, renderId } from "../../src/kube/object-id.js";
import { nextStep, type ReconcileWish, requestFor } from "../../src/operate/reconciliation.js";
import { flux, hr } from "../builders/flux.js";
import { gitRepository, kustomization, ready, reconciled } from "../report/objects.js";

const token = "2026-11-21T10:00:00.000Z";
const handled = { lastHandledReconcileAt: token };
const patient: ReconcileWish = { withSource: false, force: false, reset: false, wait: true };
const withSource = { ...patient, withSource: true };
const failing = (reason: string, message: string) => ({
  conditions: [{ ...ready, status: "False", reason, message }],
});
const reconciling = { type: "Reconciling", status: "True", message: "Running health checks" };

/** What is next, once Flux was asked for some of the objects. */
function step(
  workload: FluxWorkload,
  sources: LiveObject[],
  { wish = patient, asked = [workload] }: { wish?: ReconcileWish; asked?: LiveObject[] } = {},
) {
  const isAsked = new Set(asked.map((object) => keyOf(idOf(object))));
  const wanted = <T extends LiveObject>(object: T): T =>
    isAsked.has(keyOf(idOf(object)))
      ? {
          ...object,
          metadata: {
            ...object.metadata,
            annotations: { ...object.metadata.annotations, "reconcile.fluxcd.io/requestedAt": token },
          },
        }
      : object;
  const next = nextStep({
    workload: wanted(workload as LiveObject) as FluxWorkload,
    chain: sourceChainOf(workload, sources.map(wanted)),
    wish,
    request: { token, asked: new Map([...isAsked].map((key) => [key, ""])) },
    isUnread: () => false,
    waitingFor: () => "waits for Kustomization base in apps, which is suspended",
  });
  return next.is === "ask" ? { ask: next.objects.map((object) => renderId(idOf(object))) } : next;
}

const ks = (status: object = {}, spec: object = {}) => kustomization([], { spec, status });
const git = (status: object = {}) =>
  reconciled(gitRepository, { ...gitRepository.status, ...status }) as LiveObject;
const suspended = { ...ks(), spec: { suspend: true } } as FluxWorkload;
const newer = { artifact: { revision: "main@sha1:ffff" } };

describe("a Kustomization", () => {
  const name = "Kustomization podinfo in apps";
  const source = "GitRepository podinfo in apps";

  test.each<[string, FluxWorkload, LiveObject[], object | undefined, object]>([
    ["is asked", ks(), [git()], { asked: [] }, { ask: [name] }],
    [
      "is waited for until Flux has heard of it",
      ks(),
      [git()],
      undefined,
      { is: "waiting", because: "was asked, and Flux has not answered" },
    ],
    [
      "is under way",
      ks({ ...handled, conditions: [{ ...ready, status: "Unknown", message: "" }, reconciling] }),
      [git()],
      undefined,
      { is: "waiting", because: "is being reconciled: Running health checks" },
    ],
    [
      "is Ready while it is still reconciled",
      ks({ ...handled, conditions: [ready, reconciling] }),
      [git()],
      undefined,
      { is: "waiting", because: "is being reconciled: Running health checks" },
    ],
    ["is done", ks(handled), [git()], undefined, { is: "done", message: ready.message }],
    [
      "is Ready, and the rest of its status not yet written",
      ks({ ...handled, lastAppliedRevision: "main@sha1:0000" }),
      [git()],
      undefined,
      { is: "waiting", because: `is being reconciled: ${ready.message}` },
    ],
    [
      "was handled in an older generation",
      { ...ks(handled), metadata: { ...ks().metadata, generation: 2 } },
      [git()],
      undefined,
      { is: "waiting", because: "is being reconciled" },
    ],
    [
      "fails with Flux's message",
      ks({ ...handled, ...failing("BuildFailed", "kustomize build failed") }),
      [git()],
      undefined,
      { is: "failed", why: "kustomize build failed" },
    ],
    [
      "waits for a dependency",
      ks({ ...handled, ...failing("DependencyNotReady", "dependency 'apps/base' is not ready") }),
      [git()],
      undefined,
      { is: "waiting", because: "waits for Kustomization base in apps, which is suspended" },
    ],
    [
      "is waited for when a newer revision has cut off its health checks",
      ks({ ...handled, ...failing("HealthCheckCanceled", "New reconciliation triggered") }),
      [git()],
      undefined,
      { is: "waiting" },
    ],
    [
      "is suspended",
      suspended,
      [git()],
      { asked: [] },
      { is: "failed", why: "it is suspended", hint: "Resume it first: flamingo resume ks/podinfo -n apps" },
    ],
    [
      "is being deleted",
      { ...ks(), metadata: { ...ks().metadata, deletionTimestamp: "2026-11-21T10:00:00Z" } },
      [git()],
      { asked: [] },
      { is: "failed", why: "it is being deleted" },
    ],
    ["has no source", ks(), [], { asked: [] }, { is: "failed", why: `${source} does not exist` }],
    [
      "has a source that failed, which Flux applies as it was",
      ks(handled),
      [git(failing("GitOperationFailed", "authentication required"))],
      undefined,
      { is: "failed", why: `${source} failed: authentication required` },
    ],
    ["is asked after its source", ks(), [git()], { wish: withSource, asked: [] }, { ask: [source] }],
    [
      "waits until its source is fetched",
      ks(),
      [git()],
      { wish: withSource, asked: [git()] },
      { is: "waiting", because: `waits until ${source} is fetched` },
    ],
    [
      "is asked when its source is fetched",
      ks(),
      [git(handled)],
      { wish: withSource, asked: [git()] },
      { ask: [name] },
    ],
    [
      "fails with its source",
      ks(),
      [git({ ...handled, ...failing("GitOperationFailed", "authentication required") })],
      { wish: withSource, asked: [git()] },
      { is: "failed", why: `${source} failed: authentication required` },
    ],
    [
      "has not applied yet what was fetched",
      ks(handled),
      [git({ ...handled, ...newer })],
      { wish: withSource, asked: [git(), ks()] },
      { is: "waiting", because: "has not applied what its source holds" },
    ],
    [
      "has failed with what was there before",
      ks({ ...handled, ...failing("BuildFailed", "kustomize build failed") }),
      [git({ ...handled, ...newer })],
      { wish: withSource, asked: [git(), ks()] },
      { is: "waiting", because: "has not tried what its source holds" },
    ],
    [
      "lacks its path in what was fetched",
      ks({
        ...handled,
        ...failing("ArtifactFailed", "kustomization path not found: stat /tmp/app: no such file"),
      }),
      [git({ ...handled, ...newer })],
      { wish: withSource, asked: [git(), ks()] },
      { is: "failed", why: "kustomization path not found: stat /tmp/app: no such file" },
    ],
    [
      "and its source are asked at once where nobody waits",
      ks(),
      [git()],
      { wish: { ...withSource, wait: false }, asked: [] },
      { ask: [source, name] },
    ],
    [
      "was asked, and nobody waits",
      ks(),
      [git()],
      { wish: { ...withSource, wait: false }, asked: [git(), ks()] },
      { is: "done", message: undefined },
    ],
  ])("%s", (_, workload, sources, how, next) => expect(step(workload, sources, how)).toMatchObject(next));

  test("has applied another revision than its source: of no matter without --with-source", () =>
    expect(step(ks(handled), [git(newer)])).toMatchObject({ is: "done" }));

  test("comes from a generator, which is asked after its own sources, unless it is switched off", () => {
    const artifact = flux("ExternalArtifact", "cut", {
      sourceRef: {
        apiVersion: "source.extensions.fluxcd.io/v1beta1",
        kind: "ArtifactGenerator",
        name: "cut",
      },
    }) as LiveObject;
    const generator = flux("ArtifactGenerator", "cut", {
      sources: [{ alias: "podinfo", kind: "GitRepository", name: "podinfo" }],
    }) as LiveObject;
    const off = { "source.extensions.fluxcd.io/reconcile": "Disabled" };
    const switchedOff = { ...generator, metadata: { ...generator.metadata, annotations: off } };
    const workload = ks({}, { sourceRef: { kind: "ExternalArtifact", name: "cut" } });
    const wish = withSource;
    expect(step(workload, [artifact, generator, git()], { wish, asked: [] })).toEqual({ ask: [source] });
    expect(step(workload, [artifact, generator, git(handled)], { wish, asked: [git()] })).toEqual({
      ask: ["ArtifactGenerator cut in apps"],
    });
    expect(step(workload, [artifact, switchedOff, git(handled)], { wish, asked: [git()] })).toEqual({
      ask: [name],
    });
  });
});

describe("a HelmRelease", () => {
  const chartSpec = {
    chart: { spec: { chart: "web", sourceRef: { kind: "HelmRepository", name: "charts" } } },
  };
  const message = "Helm upgrade succeeded for release apps/web.v2 with chart web@1.2.3";
  const release = (status: object = {}) =>
    reconciled(hr("web", chartSpec), {
      conditions: [{ ...ready, message }],
      helmChart: "apps/apps-web",
      lastAttemptedRevision: "1.2.3",
      history: [{ version: 2, chartVersion: "1.2.3", status: "deployed" }],
      ...status,
    }) as FluxWorkload;
  const repository = (spec: object, status: object = {}) =>
    reconciled(flux("HelmRepository", "charts", spec), status) as LiveObject;
  const chart = (status: object = {}) =>
    reconciled(flux("HelmChart", "apps-web", chartSpec.chart.spec), {
      artifact: { revision: "1.2.3" },
      ...status,
    }) as LiveObject;
  const http = (revision: string, status = {}) =>
    repository({ url: "https://charts.example" }, { artifact: { revision }, ...status });
  const oci = repository({ url: "oci://charts.example", type: "oci" }, { conditions: undefined });

  test.each<[string, FluxWorkload, LiveObject[], object | undefined, object]>([
    [
      "has a repository, then a chart to fetch",
      release(),
      [http("sha256:1"), chart()],
      { wish: withSource, asked: [] },
      { ask: ["HelmRepository charts in apps"] },
    ],
    [
      "waits until the chart is built from what was fetched",
      release(),
      [http("sha256:2", handled), chart({ ...handled, observedSourceArtifactRevision: "sha256:1" })],
      { wish: withSource, asked: [http("sha256:2"), chart()] },
      { is: "waiting", because: "waits until HelmChart apps-web in apps is fetched" },
    ],
    [
      "has a chart in an OCI repository, where only the chart is fetched",
      release(),
      [oci, chart()],
      { wish: withSource, asked: [] },
      { ask: ["HelmChart apps-web in apps"] },
    ],
    ["is done", release(handled), [oci, chart()], undefined, { is: "done", message }],
    [
      "is done when it was forced",
      release({ ...handled, lastHandledForceAt: token }),
      [oci, chart()],
      { wish: { ...patient, force: true } },
      { is: "done", isSpent: false },
    ],
    [
      "has heeded --force, and not --reset",
      release({ ...handled, lastHandledForceAt: token }),
      [oci, chart()],
      { wish: { ...patient, force: true, reset: true } },
      {
        is: "failed",
        why: "its helm-controller knows no --force and --reset",
        hint: "Take Flux 2.2 or newer",
      },
    ],
    [
      "has spent its request on waiting",
      release({ ...handled, ...failing("DependencyNotReady", "dependency is not ready") }),
      [oci, chart()],
      { wish: { ...patient, force: true } },
      { is: "waiting", isSpent: true },
    ],
    [
      "fails before it could be forced",
      release({ ...handled, ...failing("ValuesError", "could not find Secret") }),
      [oci, chart()],
      { wish: { ...patient, force: true } },
      { is: "failed", why: "could not find Secret", isSpent: false },
    ],
  ])("%s", (_, workload, sources, how, next) => expect(step(workload, sources, how)).toMatchObject(next));
});

test("requestFor() writes the same text for all that is asked of a HelmRelease", () => {
  const annotations = {
    "reconcile.fluxcd.io/requestedAt": token,
    "reconcile.fluxcd.io/forceAt": token,
    "reconcile.fluxcd.io/resetAt": token,
  };
  const wish = { force: true, reset: true };
  expect(requestFor({ kind: "HelmRelease" }, token, wish)).toEqual({ metadata: { annotations } });
  expect(requestFor({ kind: "Kustomization" }, token, wish)).toEqual({
    metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": token } },
  });
});
