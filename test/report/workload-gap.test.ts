import { describe, expect, test } from "vitest";
import type { FluxWorkload } from "../../src/flux/workload.js";
import type { LiveObject } from "../../src/kube/object.js";
import { workloadGap } from "../../src/report/workload-gap.js";
import { object } from "../builders/kube.js";
import { commit, gitRepository, kustomization, ready, reportOf } from "./objects.js";

const newer = "fedcba9876543210fedcba9876543210fedcba98";
const movedOn = {
  ...gitRepository,
  status: { observedGeneration: 1, conditions: [ready], artifact: { revision: `main@sha1:${newer}` } },
} as LiveObject;
const atGeneration = (generation: number, workload: FluxWorkload): FluxWorkload => ({
  ...workload,
  metadata: { ...workload.metadata, generation },
});
const failed = { ...ready, status: "False", observedGeneration: 2 };

const release = object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "apps/podinfo", {
  metadata: { generation: 3 },
  spec: { chartRef: { kind: "HelmChart", name: "podinfo" } },
  status: {
    observedGeneration: 2,
    conditions: [{ ...ready, status: "False", observedGeneration: 3 }],
    lastAttemptedRevision: "6.5.1",
    history: [
      { version: 2, status: "failed", chartVersion: "6.5.1" },
      { version: 1, status: "deployed", chartVersion: "6.5.0" },
    ],
  },
}) as FluxWorkload;
const chart = object("source.toolkit.fluxcd.io/v1", "HelmChart", "apps/podinfo", {
  status: { artifact: { revision: "6.5.1" } },
});

/** "REVISION GENERATION READY" as it is, and as it is meant to be */
const cases: [
  what: string,
  workload: FluxWorkload,
  content: LiveObject | undefined,
  live: string,
  wanted: string,
][] = [
  ["has done all", kustomization(), gitRepository, `${commit} 1 True`, `${commit} 1 True`],
  ["is behind its source", kustomization(), movedOn, `${commit} 1 True`, `${newer} 1 True`],
  ["was changed", atGeneration(2, kustomization()), gitRepository, `${commit} 1 True`, `${commit} 2 True`],
  [
    "was only suspended",
    atGeneration(2, kustomization([], { spec: { suspend: true } })),
    gitRepository,
    `${commit} 2 True`,
    `${commit} 2 True`,
  ],
  [
    "failed, whose observedGeneration stays behind",
    atGeneration(2, kustomization([], { status: { conditions: [failed] } })),
    gitRepository,
    `${commit} 2 False`,
    `${commit} 2 True`,
  ],
  [
    "is new",
    kustomization([], { status: { observedGeneration: -1, conditions: [], lastAppliedRevision: undefined } }),
    gitRepository,
    " 0 Unknown",
    `${commit} 1 True`,
  ],
  ["failed to upgrade", release, chart, "6.5.0 3 False", "6.5.1 3 True"],
];

describe("what of a workload is not as it is meant to be", () => {
  test.each(cases)("when it %s", (_, workload, content, live, wanted) => {
    const gap = workloadGap(workload, content, []);
    expect([gap.live, gap.wanted].map(outline)).toEqual([live, wanted]);
  });

  test.each(cases)(
    "is in the diff of the Application when that is OutOfSync and the workload %s",
    (_, workload, content) => {
      const made = reportOf([], { workload, sources: content ? [content] : [] });
      const differs = made.managedResources.some(({ modified }) => modified);
      expect(differs).toBe(made.status.sync?.status === "OutOfSync");
    },
  );
});

function outline(side: object): string {
  const { revision, generation, ready } = (side as { status: Record<string, unknown> }).status;
  return `${revision} ${generation} ${ready}`;
}
