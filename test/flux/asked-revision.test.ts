import { describe, expect, test } from "vitest";
import {
  appliedForms,
  askedRevisionProblem,
  attemptedForms,
  heldForms,
  isAmongForms,
} from "../../src/flux/asked-revision.js";
import { sourceChainOf } from "../../src/flux/source-chain.js";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { chartInGit, flux, git, hr, ks } from "../builders/flux.js";

const commit = "0123456789abcdef0123456789abcdef01234567";
const digest = `sha256:${"ab".repeat(32)}`;

test.each([
  [commit, undefined],
  ["0123456", undefined],
  [`main@sha1:${commit}`, undefined],
  [digest, undefined],
  ["6.5.0", undefined],
  ["v6.5.0-rc.1+build", undefined],
  ["6.5", undefined],
  ["012345", "a commit has seven digits and more"],
  ["main", "it is no commit, no digest and no version"],
  ["", "it is no commit, no digest and no version"],
  ["HEAD~1", "it is no commit, no digest and no version"],
])("%s: %s", (text, problem) => expect(askedRevisionProblem(text)).toBe(problem));

const held = (source: object, status: object) =>
  heldForms(
    sourceChainOf(ks("web", { sourceRef: { kind: (source as LiveObject).kind, name: "src" } }), [
      { ...(source as LiveObject), status } as LiveObject,
    ]),
  );

describe("what is asked for is held", () => {
  const oci = flux("OCIRepository", "src");
  const origin = { "org.opencontainers.image.revision": `main@sha1:${commit}` };

  test.each<[string, object, object, boolean]>([
    [commit, git(), { revision: `main@sha1:${commit}` }, true],
    ["0123456", git(), { revision: `main@sha1:${commit}` }, true],
    [commit.toUpperCase().slice(0, 12), git(), { revision: `main@sha1:${commit}` }, true],
    [`main@sha1:${commit}`, git(), { revision: `main@sha1:${commit}` }, true],
    [commit, git(), { revision: `main/${commit}` }, true],
    ["1234567", git(), { revision: `main@sha1:${commit}` }, false],
    ["v1.2.3", git(), { revision: `v1.2.3@sha1:${commit}` }, true],
    [digest, oci, { revision: `latest@${digest}` }, true],
    ["abababa", oci, { revision: `latest@${digest}` }, true],
    ["sha1:abababa", oci, { revision: `latest@${digest}` }, false],
    ["1.2.3+build", oci, { revision: `1.2.3_build@${digest}` }, true],
    ["1.2.3", oci, { revision: `v1.2.3@${digest}` }, true],
    [commit, oci, { revision: `latest@${digest}`, metadata: origin }, true],
    [commit, oci, { revision: `latest@${digest}` }, false],
  ])("%s of %o with %o: %s", (asked, source, artifact, expected) =>
    expect(isAmongForms(asked, held(source, { artifact }))).toBe(expected),
  );
});

describe("what is asked for runs", () => {
  const runs = (workload: FluxWorkload, asked: string, sources: LiveObject[] = []) =>
    isAmongForms(asked, appliedForms(workload, sourceChainOf(workload, sources)));
  const withStatus = (workload: FluxWorkload, status: object) => ({ ...workload, status }) as FluxWorkload;
  const release = (history: object[], status: object = {}) => withStatus(hr("web"), { history, ...status });

  test.each<[string, FluxWorkload, string, boolean]>([
    ["a commit", withStatus(ks("web"), { lastAppliedRevision: `main@sha1:${commit}` }), "0123456", true],
    ["nothing", ks("web"), commit, false],
    [
      "the commit that an artifact was made of",
      withStatus(ks("web"), {
        lastAppliedRevision: `latest@${digest}`,
        lastAppliedOriginRevision: `main@sha1:${commit}`,
      }),
      commit,
      true,
    ],
    ["a chart", release([{ chartVersion: "6.5.0", status: "deployed" }]), "6.5.0", true],
    [
      "a chart, with the digest",
      release([{ chartVersion: "6.5.0+abcdefabcdef", status: "deployed" }]),
      "6.5.0",
      true,
    ],
    [
      "a chart's digest",
      release([{ chartVersion: "6.5.0", ociDigest: digest, status: "deployed" }]),
      digest,
      true,
    ],
    ["a chart that failed", release([{ chartVersion: "6.5.0", status: "failed" }]), "6.5.0", false],
    ["a chart of an old Flux", withStatus(hr("web"), { lastAppliedRevision: "6.5.0" }), "6.5.0", true],
  ])("%s", (_, workload, asked, expected) => expect(runs(workload, asked)).toBe(expected));

  const built = {
    artifact: { revision: "1.2.3+0123456789ab" },
    observedSourceArtifactRevision: `main@sha1:${commit}`,
  };

  test.each([
    ["the commit that a chart in Git was built from", built, true],
    [
      "a commit from which a chart is being built",
      { ...built, conditions: [{ type: "Reconciling", status: "True" }] },
      false,
    ],
    [
      "a commit from which a chart was built, the rest of the status not yet written",
      {
        ...built,
        conditions: [
          {
            type: "Ready",
            status: "True",
            message: "packaged 'web' chart with version '1.3.0+0123456789ab'",
          },
        ],
      },
      false,
    ],
  ])("%s", (_, status, expected) => {
    const workload = {
      ...hr("web", chartInGit),
      status: {
        helmChart: "apps/apps-web",
        conditions: [{ type: "Ready", status: "True" }],
        history: [{ chartVersion: "1.2.3+0123456789ab", status: "deployed" }],
      },
    } as FluxWorkload;
    const spec = { chart: "./charts/x", sourceRef: { kind: "GitRepository", name: "src" } };
    const chart = { ...flux("HelmChart", "apps-web", spec), status } as LiveObject;
    expect(runs(workload, commit, [git(), chart])).toBe(expected);
  });
});

test("what was tried is known, too", () => {
  const tried = { ...ks("web"), status: { lastAttemptedRevision: `main@sha1:${commit}` } } as FluxWorkload;
  expect(isAmongForms("0123456", attemptedForms(tried))).toBe(true);
});
