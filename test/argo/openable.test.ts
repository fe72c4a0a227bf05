import { expect, test } from "vitest";
import type { ApplicationSource } from "../../src/argo/application.js";
import { isOpenable } from "../../src/argo/openable.js";

const sha1 = "0123456789abcdef0123456789abcdef01234567";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const git: ApplicationSource = { repoURL: "https://git.example/r", path: "." };
const oci: ApplicationSource = { repoURL: "oci://reg.example/app", path: "." };
const chart: ApplicationSource = { repoURL: "reg.example/charts", chart: "web" };

test.each<[kind: string, source: ApplicationSource, revision: string, opens: boolean]>([
  ["Git", git, sha1, true],
  ["Git", git, "main", false],
  ["Git", git, "1.2.3", false],
  ["Git", git, digest, false],
  ["Git", git, `${sha1}${"0".repeat(24)}`, false],
  ["OCI", oci, digest, true],
  ["OCI", oci, "v1.2.3_build.4", true],
  ["OCI", oci, `latest@${digest}`, false],
  ["OCI", oci, "1.2.3+build", false],
  ["a chart", chart, "1.2.3", true],
  ["a chart", chart, "v1.2.3-rc.1+build.4", true],
  ["a chart", chart, "1.*", false],
  ["a chart", chart, ">=1.2.3", false],
  ["a chart", chart, "", false],
  ["nothing", {}, sha1, true],
])("of %s (%o) %s", (_, source, revision, opens) => {
  expect(isOpenable(revision, source)).toBe(opens);
});
