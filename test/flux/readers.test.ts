import { describe, expect, test } from "vitest";
import { artifactOrigin } from "../../src/flux/artifact-origin.js";
import { bucketUrl } from "../../src/flux/bucket-url.js";
import { releaseNameOf } from "../../src/flux/helm-release.js";
import { pathInSource } from "../../src/flux/path.js";
import { readinessOf } from "../../src/flux/readiness.js";
import { variablesIn } from "../../src/flux/variables.js";

test.each([
  [undefined, "."],
  ["", "."],
  [".", "."],
  ["./", "."],
  ["/", "."],
  ["./a/b", "a/b"],
  ["/a/b", "a/b"],
  ["a/b/", "a/b"],
  ["../a/b", "a/b"],
  ["a/../../b", "b"],
  ["a//./b", "a/b"],
])("pathInSource(%j) is %j", (path, inside) => expect(pathInSource(path)).toBe(inside));

test.each([
  [{ name: "podinfo" }, "podinfo"],
  [{ name: "podinfo", targetNamespace: "apps" }, "apps-podinfo"],
  [{ name: "podinfo", targetNamespace: "apps", releaseName: "mine" }, "mine"],
  // helm-controller's own algorithm; Flux's documentation prints a longer prefix by mistake
  [
    { targetNamespace: "a-very-lengthy-target-namespace", name: "with-a-nice-object-name" },
    "a-very-lengthy-target-namespace-with-a-n-97af5d7f41f3",
  ],
])("releaseNameOf(%j) is %s", (release, name) => {
  expect(releaseNameOf({ releaseName: undefined, targetNamespace: undefined, ...release })).toBe(name);
});

test.each([
  [{ bucketName: "b", endpoint: "minio.example:9000" }, { url: "https://minio.example:9000/b" }],
  [
    { bucketName: "b", endpoint: "minio:9000", insecure: true, provider: "generic" },
    { url: "http://minio:9000/b" },
  ],
  [
    { bucketName: "b", endpoint: "s3.amazonaws.com", provider: "aws", region: "eu-west-1" },
    { url: "https://b.s3.eu-west-1.amazonaws.com" },
  ],
  [{ bucketName: "b", endpoint: "s3.amazonaws.com", provider: "aws" }, { url: "https://b.s3.amazonaws.com" }],
  [
    { bucketName: "b", endpoint: "s3.eu-west-1.amazonaws.com", provider: "aws" },
    { url: "https://s3.eu-west-1.amazonaws.com/b" },
  ],
  [
    { bucketName: "b", endpoint: "storage.googleapis.com", provider: "gcp" },
    { url: "https://storage.googleapis.com/b" },
  ],
  [{ bucketName: "b", provider: "gcp" }, { url: "https://storage.googleapis.com/b" }],
  [
    { bucketName: "c", endpoint: "https://acct.blob.core.windows.net/", provider: "azure" },
    { url: "https://acct.blob.core.windows.net/c" },
  ],
  [
    { bucketName: "b", endpoint: "x", provider: "aliyun" },
    { problem: 'spec.provider "aliyun" is not known' },
  ],
  [{ bucketName: "b" }, { problem: "spec.endpoint is empty" }],
  [{ endpoint: "x" }, { problem: "spec.bucketName is empty" }],
])("bucketUrl(%j)", (spec, url) => expect(bucketUrl(spec)).toEqual(url));

test.each([
  [["apps/${CLUSTER}/web", undefined], ["${CLUSTER}"]],
  [["${URL:=oci://example.org}", "${URL:=oci://example.org}"], ["${URL:=oci://example.org}"]],
  [["$${NOT}", "$HOME", "plain"], []],
])("variablesIn(%j)", (texts, variables) => expect(variablesIn(...texts)).toEqual(variables));

describe("readinessOf()", () => {
  const ready = (status: string, more = {}) => ({ type: "Ready", status, message: "m", ...more });
  test.each([
    ["nothing observed", {}, { status: "InProgress", message: undefined }],
    ["Ready", { observedGeneration: 2, conditions: [ready("True")] }, { status: "Current", message: "m" }],
    [
      "not Ready",
      { observedGeneration: 2, conditions: [ready("False")] },
      { status: "Failed", message: "m" },
    ],
    [
      "unknown",
      { observedGeneration: 2, conditions: [ready("Unknown")] },
      { status: "InProgress", message: "m" },
    ],
    [
      "Ready of an older generation",
      { observedGeneration: 1, conditions: [ready("True")] },
      { status: "InProgress", message: undefined },
    ],
    [
      "Ready whose own generation counts",
      { observedGeneration: 2, conditions: [ready("True", { observedGeneration: 1 })] },
      { status: "InProgress", message: undefined },
    ],
    [
      "Ready with generation 0, as HelmReleases have it",
      { observedGeneration: 2, conditions: [ready("True", { observedGeneration: 0 })] },
      { status: "Current", message: "m" },
    ],
    [
      "Stalled before all else",
      {
        observedGeneration: 2,
        conditions: [ready("Unknown"), { type: "Stalled", status: "True", message: "stuck" }],
      },
      { status: "Failed", message: "stuck" },
    ],
    [
      "Reconciling",
      {
        observedGeneration: 2,
        conditions: [ready("True"), { type: "Reconciling", status: "True", message: "busy" }],
      },
      { status: "InProgress", message: "busy" },
    ],
    [
      "the default -1",
      { observedGeneration: -1, conditions: [ready("True")] },
      { status: "InProgress", message: undefined },
    ],
  ])("%s", (_, status, readiness) => {
    expect(readinessOf({ metadata: { generation: 2 }, status } as Parameters<typeof readinessOf>[0])).toEqual(
      readiness,
    );
  });
});

describe("artifactOrigin()", () => {
  const copy = (from: string, to: string, more = {}) => ({ from, to, ...more });
  test.each([
    [
      "a folder as the whole artifact",
      [copy("@repo/apps/**", "@artifact/")],
      "web",
      { alias: "repo", path: "apps/web", added: [] },
    ],
    ["everything", [copy("@repo/**", "@artifact/")], ".", { alias: "repo", path: ".", added: [] }],
    [
      "a folder under another name",
      [copy("@repo/deploy/**", "@artifact/app/")],
      "app/x",
      { alias: "repo", path: "deploy/x", added: [] },
    ],
    [
      "the root above a folder of the same name",
      [copy("@repo/apps/**", "@artifact/apps/")],
      ".",
      { alias: "repo", path: ".", added: [] },
    ],
    [
      "several folders, layout kept",
      [copy("@r/a/**", "@artifact/a/"), copy("@r/b/**", "@artifact/b/")],
      ".",
      { alias: "r", path: ".", added: [] },
    ],
    [
      "a single file beside",
      [copy("@r/a/**", "@artifact/a/"), copy("@r/a/x.yaml", "@artifact/a/")],
      "a",
      { alias: "r", path: "a", added: [] },
    ],
    [
      "other sources elsewhere do not matter",
      [copy("@r/a/**", "@artifact/a/"), copy("@s/b/**", "@artifact/b/")],
      "a",
      { alias: "r", path: "a", added: [] },
    ],
    [
      "values that are merged into a chart, and a file that takes the place of another",
      [
        copy("@chart/", "@artifact/"),
        copy("@repo/values-prod.yaml", "@artifact/web/values.yaml", { strategy: "Merge" }),
        copy("@repo/README.md", "@artifact/web/"),
      ],
      ".",
      { alias: "chart", path: ".", added: ["@repo/values-prod.yaml", "@repo/README.md"] },
    ],
    [
      "but not those elsewhere",
      [copy("@r/a/**", "@artifact/a/"), copy("@s/b.yaml", "@artifact/b/")],
      "a",
      { alias: "r", path: "a", added: [] },
    ],
    [
      "files by a pattern, which keep their folders",
      [copy("@r/a/*.yaml", "@artifact/x/")],
      "x/a",
      { alias: "r", path: "a", added: [] },
    ],
    [
      "a folder as a folder",
      [copy("@r/deploy/a", "@artifact/x"), copy("@r/deploy/b/", "@artifact/x/")],
      "x/b",
      { alias: "r", path: "deploy/b", added: [] },
    ],
    [
      "two sources in one folder",
      [copy("@r/**", "@artifact/"), copy("@s/x/**", "@artifact/")],
      ".",
      { problem: "its content comes from several sources (r, s)" },
    ],
    [
      "folders put together",
      [copy("@r/a/**", "@artifact/x/"), copy("@r/b/**", "@artifact/x/")],
      "x",
      { problem: "its content is put together from several folders" },
    ],
    [
      "a layout that changes below",
      [copy("@r/a/**", "@artifact/b/")],
      ".",
      { problem: "its content lies otherwise than in its source" },
    ],
    ["nothing there", [copy("@r/a/**", "@artifact/a/")], "b", { problem: "nothing is copied to b" }],
    [
      "an archive that is unpacked",
      [copy("@r/a.tgz", "@artifact/", { strategy: "Extract" })],
      ".",
      { problem: 'the copy from "@r/a.tgz" to "@artifact/" cannot be followed' },
    ],
    [
      "a file that is renamed",
      [copy("@r/a.yaml", "@artifact/b.yaml")],
      ".",
      { problem: "its content lies otherwise than in its source" },
    ],
  ])("%s", (_, copies, path, origin) => expect(artifactOrigin({ copy: copies }, path)).toEqual(origin));
});
