import { expect, test } from "vitest";
import { kindNamed } from "../../src/kube/kind-named.js";
import type { ServedKind } from "../../src/kube/served-kinds.js";

const kind = (group: string, name: string, plural: string, ...names: string[]): ServedKind => ({
  ...{ group, kind: name, plural, namespaced: true, names },
});

const kinds = [
  kind("", "Event", "events", "event", "ev"),
  kind("", "Service", "services", "service", "svc"),
  kind("apps", "Deployment", "deployments", "deployment", "deploy"),
  kind("events.k8s.io", "Event", "events", "event", "ev"),
  kind("networking.k8s.io", "Ingress", "ingresses", "ingress", "ing"),
  kind("serving.knative.dev", "Service", "services", "service", "kservice", "ksvc"),
  kind("example.org", "Deploy", "deploys", "deploy"),
];

test.each([
  ["deployments", "apps/Deployment"],
  ["Deployment", "apps/Deployment"],
  ["ing", "networking.k8s.io/Ingress"],
  ["ingress.networking.k8s.io", "networking.k8s.io/Ingress"],
  ["ingresses.v1.networking.k8s.io", "networking.k8s.io/Ingress"],
  ["svc", "/Service"],
  ["service", "/Service"],
  ["services.serving.knative.dev", "serving.knative.dev/Service"],
  ["event", "/Event"],
  ["ev.events.k8s.io", "events.k8s.io/Event"],
  // its own name comes before what another is called for short
  ["deploy", "example.org/Deploy"],
  ["deploy.apps", "apps/Deployment"],
  ["deploi", undefined],
  ["deployments.v1", undefined],
  ["", undefined],
])("kindNamed(%j)", (word, wanted) => {
  const found = kindNamed(word, kinds);
  expect(found && `${found.group}/${found.kind}`).toBe(wanted);
});
