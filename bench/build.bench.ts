import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, test } from "vitest";
import { findOrBuildKustomize } from "../test/follow/programs.js";
import { compare } from "./measure.js";
import { record, timesAsLong } from "./row.js";
import { bundled, temporary } from "./workplace.js";

const pairs = 5;
const folders = 60;
const tree = temporary("tree");
let PATH: string;

/** A repository of small apps on a common base, as most that Flux follows are. */
beforeAll(async () => {
  PATH = dirname((await findOrBuildKustomize()).kustomize);
  write("base/kustomization.yaml", "resources: [namespace.yaml]\n");
  write("base/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: common}\n");
  for (let index = 0; index < folders; index++) {
    const names = Array.from({ length: 8 }, (_, file) => `release-${file}`);
    const resources = [...names.map((name) => `${name}.yaml`), "../../base"];
    write(`apps/app-${index}/kustomization.yaml`, `resources: [${resources.join(", ")}]\n`);
    for (const name of names) write(`apps/app-${index}/${name}.yaml`, release(name));
  }
});

test("60 paths, built as Flux builds them", async (context) => {
  const env = { PATH };
  const asFlux = { args: [await bundled("build-as-flux"), tree, String(folders)], env };
  const bare = { args: [await bundled("build-bare"), tree, String(folders)], env };
  const comparison = await compare(asFlux, bare, pairs);
  record(
    context,
    timesAsLong("60 paths built as Flux does : `kustomize build` of each in turn", comparison, "≤ 1.5"),
  );
});

function write(path: string, text: string): void {
  mkdirSync(dirname(`${tree}/${path}`), { recursive: true });
  writeFileSync(`${tree}/${path}`, text);
}

function release(name: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ${name}}
spec: {interval: 1h, chartRef: {kind: OCIRepository, name: ${name}}, values: {replicas: 2}}
`;
}
