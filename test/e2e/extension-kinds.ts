import { flux } from "../builders/flux.js";
import type { TestObject } from "../cluster/crds.js";

const ready = (message: string, status: "True" | "False" = "True") => ({
  type: "Ready",
  status,
  reason: status === "True" ? "ReconciliationSucceeded" : "ReconciliationFailed",
  message,
  observedGeneration: 1,
  lastTransitionTime: "2026-11-21T10:00:00Z",
});

const says = (message: string, more: object = {}) => ({
  observedGeneration: 1,
  conditions: [ready(message)],
  ...more,
});

/** Of the Flux Operator, whose objects keep no `observedGeneration`. */
const operates = (message: string, ...ids: string[]) => ({
  conditions: [ready(message)],
  ...(ids.length > 0 ? { inventory: { entries: ids.map((id) => ({ id, v: "v1" })) } } : {}),
});

/**
 * An object of each further kind of Flux and of what extends it, in a namespace, with the status that its controller would write as its
 * documentation has it: none of these controllers runs here.
 */
export function extensionKinds(namespace: string): TestObject[] {
  const of = (apiVersion: string, kind: string, name: string, spec: object, status?: object): TestObject => ({
    ...{ apiVersion, kind, metadata: { name, namespace }, spec },
    ...(status ? { status } : {}),
  });
  const image = "image.toolkit.fluxcd.io/v1";
  const operator = "fluxcd.controlplane.io/v1";
  const sourceRef = { kind: "GitRepository", name: "content" };
  const digest = `sha256:${"1".repeat(64)}`;
  const artifact = {
    ...{ digest, lastUpdateTime: "2026-11-21T10:00:00Z", path: "made.tar.gz", revision: `latest@${digest}` },
    url: "http://source.example/made.tar.gz",
  };
  const artifacts = [{ name: "made", copy: [{ from: "@content/**", to: "@artifact/" }] }];
  const generator = (name: string, status: object, annotations: Record<string, string> = {}) => {
    const spec = { sources: [{ alias: "content", ...sourceRef }], artifacts };
    return { ...flux("ArtifactGenerator", `${namespace}/${name}`, spec, { annotations }), status };
  };
  const analysis = { interval: "1m", threshold: 5, iterations: 3 };
  const targetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const distribution = { version: "2.x", registry: "ghcr.io/fluxcd" };
  const applied = ["of-instance", "of-set"].map((name) => `${namespace}_${name}__ConfigMap`);
  const [ofInstance = "", ofSet = ""] = applied;
  return [
    of(operator, "FluxInstance", "flux", { distribution }, operates("installed", ofInstance)),
    of(
      operator,
      "FluxReport",
      "flux",
      { distribution: { entitlement: "None", status: "Installed" } },
      operates("reported"),
    ),
    of(operator, "ResourceSet", "set", { resources: [] }, operates("applied", ofSet)),
    of(operator, "ResourceSetInputProvider", "inputs", { type: "Static" }, operates("exported")),
    generator(
      "maker",
      says("made", { inventory: [{ name: "made", namespace, digest, filename: "1.tar.gz" }] }),
    ),
    generator("idle", says("made"), { "source.extensions.fluxcd.io/reconcile": "disabled" }),
    of(
      "source.toolkit.fluxcd.io/v1",
      "ExternalArtifact",
      "made",
      {},
      { artifact, conditions: [ready("stored")] },
    ),
    of(image, "ImageRepository", "scans", { image: "ghcr.io/example/web", interval: "1h" }, says("scanned")),
    of(
      image,
      "ImagePolicy",
      "picks",
      { imageRepositoryRef: { name: "scans" }, policy: { semver: { range: "1.x" } } },
      says("picked"),
    ),
    of(
      image,
      "ImageUpdateAutomation",
      "pushes",
      { interval: "1h", sourceRef },
      { observedGeneration: 1, conditions: [ready("denied", "False")] },
    ),
    of("notification.toolkit.fluxcd.io/v1beta3", "Provider", "chat", {
      type: "generic",
      address: "http://chat.example",
    }),
    of("notification.toolkit.fluxcd.io/v1beta3", "Alert", "tells", {
      providerRef: { name: "chat" },
      eventSources: [{ kind: "GitRepository", name: "*" }],
    }),
    of(
      "notification.toolkit.fluxcd.io/v1",
      "Receiver",
      "hears",
      { type: "generic", secretRef: { name: "token" }, resources: [sourceRef] },
      says("listens", { webhookPath: "/hook/1" }),
    ),
    of(
      "infra.contrib.fluxcd.io/v1alpha2",
      "Terraform",
      "plans",
      { interval: "1h", sourceRef },
      says("applied", { inventory: { entries: [{ n: "bucket", t: "aws_s3_bucket", id: "b1" }] } }),
    ),
    of(
      "flagger.app/v1beta1",
      "Canary",
      "web",
      { targetRef, service: { port: 80 }, analysis },
      {
        phase: "Succeeded",
        canaryWeight: 0,
        failedChecks: 0,
        iterations: 0,
        lastAppliedSpec: "1",
        lastTransitionTime: "2026-11-21T10:00:00Z",
      },
    ),
  ];
}
