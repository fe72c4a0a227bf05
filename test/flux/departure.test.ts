import { expect, test } from "vitest";
import { departureOf } from "../../src/flux/departure.js";
import { sourceChainOf } from "../../src/flux/source-chain.js";
import { idOf, keyOf } from "../../src/kube/object-id.js";
import { git, ks } from "../builders/flux.js";
import { live } from "../builders/kube.js";

const source = live(git());
const other = live(ks("other/b", { sourceRef: { kind: "GitRepository", name: "src", namespace: "apps" } }));
const both = ["Kustomization/a", "GitRepository/src"];
const applied = (why: string) => [`what Kustomization a in apps applied stays, since ${why}`];

test.each<[string, object, string[]]>([
  ["that prunes", { prune: true }, []],
  ["that does not prune", { prune: false }, applied("its spec.prune is false")],
  ["that does not prune, but deletes in the end", { prune: false, deletionPolicy: "Delete" }, []],
  [
    "that leaves everything behind",
    { prune: true, deletionPolicy: "Orphan" },
    applied("its spec.deletionPolicy is Orphan"),
  ],
  ["that is suspended", { prune: true, suspend: true }, applied("it is suspended")],
])("a Kustomization %s", (_, spec, stays) => {
  const workload = live(ks("a", spec));
  const chain = sourceChainOf(workload, [source]);
  const departure = departureOf({ workload, chain, flux: () => [workload, source], isUnread: () => false });
  expect(departure.goes.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(both);
  expect(departure.stays).toEqual(stays);
});

test("a source goes when all go that use it", () => {
  const workload = live(ks("a"));
  const chain = sourceChainOf(workload, [source]);
  const ask = { workload, chain, flux: () => [workload, other, source], isUnread: () => false };
  expect(departureOf(ask)).toEqual({
    goes: [workload],
    stays: ["GitRepository src in apps stays, since Kustomization b in other uses it, too"],
  });
  const leaving = new Set([keyOf(idOf(other))]);
  expect(departureOf({ ...ask, leaving })).toEqual({ goes: [workload, source], stays: [] });
});

test("a source that cannot be read stays", () => {
  const workload = live(ks("a"));
  const chain = sourceChainOf(workload, []);
  const isUnread = ({ kind }: { kind: string }) => kind === "GitRepository";
  expect(departureOf({ workload, chain, flux: () => [workload], isUnread })).toEqual({
    goes: [workload],
    stays: ["GitRepository src in apps stays, since it cannot be read"],
  });
});
