import { describe, expect, test } from "vitest";
import {
  circlesAmong,
  dependencyRecords,
  dependencyRows,
  neededBy,
} from "../../../src/commands/tree/dependency-records.js";
import type { FluxWorkload } from "../../../src/flux/workload.js";
import { ks } from "../../builders/flux.js";
import { ready } from "./scene.js";

/** @param text "web: db infra/base": a workload and what it depends on */
function workload(text: string): FluxWorkload {
  const [name = "", on = ""] = text.split(":");
  const dependsOn = on
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [dependency = "", namespace] = word.split("/").reverse();
      return { name: dependency, ...(namespace ? { namespace } : {}) };
    });
  // before it was reconciled for the first time
  if (name === "asleep") return ks(name, { suspend: true });
  return {
    ...ks(name, { dependsOn }),
    status: { observedGeneration: 1, conditions: [ready], lastAppliedRevision: "main@sha1:0123456" },
  };
}

const everything = () => true;
const records = (...texts: string[]) => dependencyRecords(texts.map(workload), everything);
const drawn = (...texts: string[]) =>
  dependencyRows(records(...texts)).map(({ lines, name, message }) => `${lines}${name} ${message}`.trimEnd());

describe("what workloads depend on", () => {
  test("is drawn below them, and once", () =>
    expect(drawn("web: api cache", "api: db", "job: api", "db", "cache: db", "alone")).toEqual([
      "job",
      "└─ api",
      "   └─ db",
      "web",
      "├─ api see above",
      "└─ cache",
      "   └─ db",
    ]));

  test("is named where it does not exist, or is not ready", () => {
    expect(drawn("web: gone asleep", "asleep")).toEqual([
      "web",
      "├─ gone does not exist",
      "└─ asleep is suspended",
    ]);
    expect(dependencyRecords([workload("web: infra/base")], () => false)[0]?.dependsOn).toEqual([
      { kind: "Kustomization", namespace: "infra", name: "base", exists: null },
    ]);
  });

  test("is a circle that nobody stands above", () => {
    const circle = ["a: b", "b: c", "c: a", "below: c", "well"];
    expect(drawn(...circle)).toEqual(["below", "└─ c", "   └─ a", "      └─ b", "         └─ c see above"]);
    expect(drawn("a: b", "b: a")).toEqual(["a", "└─ b", "   └─ a see above"]);
    const found = records(...circle);
    expect(found.filter(({ neverReady }) => neverReady).map(({ name }) => name)).toEqual([
      "a",
      "b",
      "below",
      "c",
    ]);
    expect(circlesAmong(found).map((one) => one.map(({ name }) => name))).toEqual([["a", "b", "c"]]);
    expect(circlesAmong(records("a: a", "b: d", "d: b")).map((one) => one.map(({ name }) => name))).toEqual([
      ["a"],
      ["b", "d"],
    ]);
  });

  test("is what one of them needs, by and by", () =>
    expect(
      neededBy(
        { kind: "Kustomization", namespace: "apps", name: "web" },
        records("web: api", "api: db", "db", "job: db"),
      ).map(({ name }) => name),
    ).toEqual(["api", "db", "web"]));

  test("costs no more than it is long", () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `w${index}: w${index + 1} w${index + 2}`);
    expect(records(...many)).toHaveLength(20_000);
    expect(circlesAmong(records(...many, "w20000: w0"))).toHaveLength(1);
  });
});
