import { expect, test } from "vitest";
import { type Mention, mentionsIn, withoutMentions } from "../../src/flux/mentions.js";

/** "group/Kind namespace/name: what is said"; "?" for what is not said, "(done)" for what is not blamed. */
function outline({ group = "?", kind, namespace = "?", name, isDone, said }: Mention): string {
  return `${group}/${kind} ${namespace}/${name}: ${isDone ? "(done)" : said}`;
}

const upgrade = "Helm upgrade failed for release apps/podinfo with chart podinfo@6.5.4:";

test.each<[message: string, mentions: string[]]>([
  // kustomize-controller
  [
    "health check failed after 30.02s: timeout waiting for: [Deployment/apps/podinfo status: 'InProgress']",
    [
      "?/Deployment apps/podinfo: health check failed after 30.02s: timeout waiting for: Deployment/apps/podinfo status: 'InProgress'",
    ],
  ],
  [
    "health check failed after 1s: failed early due to stalled resources: [Deployment/apps/a status: 'Failed', Job/apps/b status: 'NotFound': no such job]",
    [
      "?/Deployment apps/a: health check failed after 1s: failed early due to stalled resources: Deployment/apps/a status: 'Failed'",
      "?/Job apps/b: health check failed after 1s: failed early due to stalled resources: Job/apps/b status: 'NotFound': no such job",
    ],
  ],
  ["can't determine status for Job/apps/x", ["?/Job apps/x: can't determine status for Job/apps/x"]],
  [
    'Deployment/apps/a dry-run failed (Invalid): Deployment.apps "a" is invalid: spec.selector: field is immutable\nConfigMap/apps/b created\nService/apps/c configured\n',
    [
      'apps/Deployment apps/a: Deployment/apps/a dry-run failed (Invalid): Deployment.apps "a" is invalid: spec.selector: field is immutable',
      "?/ConfigMap apps/b: (done)",
      "?/Service apps/c: (done)",
    ],
  ],
  [
    "Deployment/apps/a dry-run failed: failed to create typed patch object (apps/a; apps/v1, Kind=Deployment): .spec.x: field not declared in schema",
    [
      "apps/Deployment apps/a: Deployment/apps/a dry-run failed: failed to create typed patch object (apps/a; apps/v1, Kind=Deployment): .spec.x: field not declared in schema",
    ],
  ],
  [
    'Widget/apps/x dry-run failed: no matches for kind "Widget" in version "example.com/v1"',
    [
      '?/Widget apps/x: Widget/apps/x dry-run failed: no matches for kind "Widget" in version "example.com/v1"',
    ],
  ],
  [
    "ClusterRole/system:x dry-run failed (Forbidden): no, and HTTP/2 is no object",
    ["?/ClusterRole /system:x: ClusterRole/system:x dry-run failed (Forbidden): no, and HTTP/2 is no object"],
  ],
  [
    'ConfigMap/nope/x not found: namespaces "nope" not found',
    ['?/ConfigMap nope/x: ConfigMap/nope/x not found: namespaces "nope" not found'],
  ],
  [
    "Service/apps/x apply failed: the server is busy",
    ["?/Service apps/x: Service/apps/x apply failed: the server is busy"],
  ],
  [
    "delete failed, errors: ConfigMap/apps/x delete failed: denied; ",
    ["?/ConfigMap apps/x: delete failed, errors: ConfigMap/apps/x delete failed: denied"],
  ],
  [
    "Secret/apps/x is SOPS encrypted, configuring decryption is required for this secret to be reconciled",
    [
      "?/Secret apps/x: Secret/apps/x is SOPS encrypted, configuring decryption is required for this secret to be reconciled",
    ],
  ],
  // helm-controller
  [
    `${upgrade} timeout waiting for: [Deployment/apps/podinfo status: 'InProgress']`,
    [
      `?/Deployment apps/podinfo: ${upgrade} timeout waiting for: Deployment/apps/podinfo status: 'InProgress'`,
    ],
  ],
  [
    `${upgrade} resource Deployment/apps/podinfo not ready. status: InProgress, message: Available: 0/1\ncontext deadline exceeded`,
    [
      `?/Deployment apps/podinfo: ${upgrade} resource Deployment/apps/podinfo not ready. status: InProgress, message: Available: 0/1\ncontext deadline exceeded`,
    ],
  ],
  [
    `${upgrade} resource not ready, name: podinfo, kind: Deployment, status: InProgress\ncontext deadline exceeded`,
    [
      `?/Deployment ?/podinfo: ${upgrade} resource not ready, name: podinfo, kind: Deployment, status: InProgress\ncontext deadline exceeded`,
    ],
  ],
  [
    `${upgrade} cannot patch "a" with kind Deployment: Deployment.apps "a" is invalid: x && cannot patch "b" with kind Service: Service "b" is invalid: y`,
    [
      `apps/Deployment ?/a: ${upgrade} cannot patch "a" with kind Deployment: Deployment.apps "a" is invalid: x`,
      `/Service ?/b: ${upgrade} cannot patch "b" with kind Service: Service "b" is invalid: y`,
    ],
  ],
  [
    `${upgrade} server-side apply failed for object apps/a apps/v1, Kind=Deployment: no`,
    [
      `apps/Deployment apps/a: ${upgrade} server-side apply failed for object apps/a apps/v1, Kind=Deployment: no`,
    ],
  ],
  [
    `${upgrade} conflict occurred while applying object apps/a /v1, Kind=ConfigMap: no`,
    [`/ConfigMap apps/a: ${upgrade} conflict occurred while applying object apps/a /v1, Kind=ConfigMap: no`],
  ],
  [
    `${upgrade} failed to delete resource namespace=apps, name=a, kind=ConfigMap: no`,
    [`?/ConfigMap apps/a: ${upgrade} failed to delete resource namespace=apps, name=a, kind=ConfigMap: no`],
  ],
  [
    'Unable to continue with install: ServiceAccount "a" in namespace "apps" exists and cannot be imported into the current release: no',
    [
      '?/ServiceAccount apps/a: Unable to continue with install: ServiceAccount "a" in namespace "apps" exists and cannot be imported into the current release: no',
    ],
  ],
  // names nothing
  ["context deadline exceeded", []],
  ["kustomize build failed: accumulating resources from 'a/b/c': no such file", []],
  ["dependency 'apps/db' is not ready", []],
  ["failed to fetch https://example.com/Apps/a/b: 404", []],
  ["Applied revision: main@sha1:0123", []],
])("%s", (message, mentions) => {
  expect(mentionsIn(message).map(outline)).toEqual(mentions);
});

test("names that may not be shown are left out of a message", () => {
  const message = "timeout waiting for: [Job/apps/a status: 'Failed', Job/other/b status: 'Failed']";
  expect(withoutMentions(message, ({ namespace }) => namespace === "apps")).toBe(
    "timeout waiting for: [Job/apps/a status: 'Failed', … status: 'Failed']",
  );
});

test("nor what stands beyond all that is read", () => {
  const message = `${"Job/apps/a status: 'Failed', ".repeat(250)}Job/other/b status: 'Failed'`;
  expect(withoutMentions(message, ({ namespace }) => namespace === "apps")).not.toContain("other");
  expect(JSON.stringify(mentionsIn(message))).not.toContain("other");
});

test.each([
  ["many names", "Job/apps/a status: 'Failed', ".repeat(10_000)],
  ["one long word", "a-".repeat(100_000)],
  ["one long word of capitals", "A".repeat(100_000)],
  ["slashes", "A/a/".repeat(50_000)],
])("a message of %s is read in no time", (_, message) => {
  const start = performance.now();
  mentionsIn(message);
  expect(performance.now() - start).toBeLessThan(1000);
});
