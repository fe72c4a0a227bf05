import { describe, expect, test } from "vitest";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { answerFor } from "../../src/loopback/answers/answer-for.js";
import { foreignRevision } from "../../src/loopback/answers/asked-revision.js";
import { flux } from "../builders/flux.js";
import { live } from "../builders/kube.js";
import { commit, gitRepository, kustomization } from "../report/objects.js";
import {
  applicationWith,
  helmChart,
  helmRelease,
  helmRepository,
  outline,
  Scene,
  situation,
  syncOf,
} from "./answers-scene.js";

const other = "89abcdef0123456789abcdef0123456789abcdef";
const digest = `sha256:${"a".repeat(64)}`;

const git = (revision: string, ref: object = {}) =>
  ({ ...gitRepository, spec: { ref }, status: { artifact: { revision } } }) as LiveObject;
const oci = (revision: string) =>
  live({ ...flux("OCIRepository", "podinfo"), status: { artifact: { revision } } });
const chart = (revision: string) => ({ ...helmChart, status: { artifact: { revision } } }) as LiveObject;
const kustomizationOf = (kind: string) =>
  kustomization([], { spec: { sourceRef: { kind, name: "podinfo" } } });

describe("what is asked for and what the sources hold", () => {
  const workloads: Readonly<Record<string, FluxWorkload>> = {
    GitRepository: kustomization(),
    OCIRepository: kustomizationOf("OCIRepository"),
    HelmChart: helmRelease,
  };
  test.each<[string | undefined, LiveObject, "held" | "foreign"]>([
    [undefined, git(`main@sha1:${commit}`), "held"],
    ["", git(`main@sha1:${commit}`), "held"],
    ["HEAD", git(`main@sha1:${commit}`), "held"],
    ["configured", git(`main@sha1:${commit}`), "held"],
    [commit, git(`main@sha1:${commit}`), "held"],
    [commit, git(`main/${commit}`), "held"],
    [commit, git(`sha1:${commit}`), "held"],
    ["main", git(`main@sha1:${commit}`), "held"],
    [commit.slice(0, 7), git(`main@sha1:${commit}`), "held"],
    [commit.slice(0, 6), git(`main@sha1:${commit}`), "foreign"],
    [other, git(`main@sha1:${commit}`), "foreign"],
    ["feature", git(`main@sha1:${commit}`), "foreign"],
    // an annotated tag has a hash of its own
    [other, git(`v1.2.3@sha1:${commit}`, { tag: "v1.2.3" }), "held"],
    [other, git(`v1.2.3@sha1:${commit}`, { semver: "1.x" }), "held"],
    [other, git(`refs/tags/v1@sha1:${commit}`, { name: "refs/tags/v1" }), "held"],
    [other, git(`refs/heads/x@sha1:${commit}`, { name: "refs/heads/x", tag: "v1" }), "foreign"],
    [other, git(`sha1:${commit}`, { commit, tag: "v1" }), "foreign"],
    ["past0123456789abcdef0123456789abcdef0123", git(`v1@sha1:${commit}`, { tag: "v1" }), "foreign"],
    ["fffff00000fffff00000fffff00000fffff00000", git(`v1@sha1:${commit}`, { tag: "v1" }), "foreign"],
    ["main", git(`v1.2.3@sha1:${commit}`, { tag: "v1.2.3" }), "foreign"],
    [digest, oci(`6.5.0@${digest}`), "held"],
    ["6.5.0+build", oci(`6.5.0_build@${digest}`), "held"],
    [`sha256:${"b".repeat(64)}`, oci(`6.5.0@${digest}`), "foreign"],
    ["6.5.0", chart("6.5.0"), "held"],
    ["6.5.0", chart("6.5.0+1"), "held"],
    ["6.5.0", chart("6.5.0+0123456789ab"), "held"],
    ["6.5.0+rc", chart("6.5.0+rc"), "held"],
    ["6.4.0", chart("6.5.0"), "foreign"],
    ["1".repeat(64), helmRepository, "held"],
  ])("%s of %o is %s", (revision, source, expected) => {
    const application = applicationWith({
      spec: { source: { targetRevision: "configured" } },
      status: { history: [{ id: 1, revision: "fffff00000fffff00000fffff00000fffff00000", deployedAt: "x" }] },
    });
    const workload = workloads[source.kind] ?? helmRelease;
    const answer = foreignRevision(
      { ...(revision === undefined ? {} : { revision }) },
      situation({ application, workload, sources: [source] }),
    );
    expect(answer).toBe(expected === "held" ? undefined : revision);
  });
});

describe("another revision", () => {
  test("is known to be another when the source was fetched, and the workload is left alone", () => {
    const scene = new Scene();
    scene.press(syncOf({ revision: other }));
    expect(scene.look()).toEqual(["patch", "ask GitRepository/podinfo"]);
    scene.handle("GitRepository");
    expect(scene.look()).toEqual(["patch"]);
    expect([scene.phase, scene.message]).toEqual([
      "Failed",
      `Cannot sync to ${other}: Flux holds ${commit}; which revision it applies is decided by spec.ref of GitRepository podinfo in apps; to change that: kubectl edit gitrepositories.source.toolkit.fluxcd.io podinfo -n apps`,
    ]);
  });

  test("of a chart", () => {
    const scene = new Scene(helmRelease, [helmChart, helmRepository]);
    scene.press(syncOf({ revision: "6.4.0" }));
    scene.look();
    scene.handle("HelmRepository");
    scene.look();
    scene.handle("HelmChart");
    scene.look();
    expect(scene.message).toBe(
      "Cannot sync to 6.4.0: Flux holds 6.5.0; which revision it applies is decided by spec.chart.spec.version of HelmRelease podinfo in apps; to change that: kubectl edit helmreleases.helm.toolkit.fluxcd.io podinfo -n apps",
    );
  });

  test("of a source that the AppProject hides: nothing of it is told", () => {
    const scene = new Scene();
    scene.press(syncOf({ revision: other }));
    expect(scene.look({ permitted: ({ kind }) => kind !== "GitRepository" })).toEqual(["patch"]);
    expect(scene.message).toBe(
      `Cannot sync to ${other}: Flux holds ${commit}; which revision it applies is decided by its source; a source that the AppProject does not permit was not fetched`,
    );
  });
});

describe("Rollback", () => {
  const rollback = (revision: string) => syncOf({ revision, syncStrategy: { apply: {} } });
  const history = [
    { id: 1, revision: other, deployedAt: "2026-11-20T10:00:00Z" },
    { id: 2, revision: commit, deployedAt: "2026-11-21T09:00:00Z" },
  ];
  test.each<[string, object, string[], string | undefined]>([
    [
      "to an earlier one fails at once",
      rollback(other),
      ["patch"],
      `Cannot roll back to ${other}: which revision Flux applies is decided by spec.ref of GitRepository podinfo in apps; to change that: kubectl edit gitrepositories.source.toolkit.fluxcd.io podinfo -n apps`,
    ],
    [
      "to the one that Flux holds is a Sync",
      rollback(commit),
      ["patch", "ask GitRepository/podinfo"],
      undefined,
    ],
    [
      "a Sync to an earlier one, which a branch may have returned to, is not",
      syncOf({ revision: other }),
      ["patch", "ask GitRepository/podinfo"],
      undefined,
    ],
  ])("%s", (_, operation, expected, message) => {
    const application = applicationWith({ operation, status: { history } });
    const answer = answerFor(situation({ application }));
    expect(outline(answer)).toEqual(expected);
    expect(answer?.log.join()).toContain(message ?? "Flux is asked");
  });
});
