// Builds the folders apps/app-0 … of a tree as kustomize-controller does, four at a time.
import { Workbench } from "../../src/follow/build/workbench.js";
import { concurrently } from "../../src/kube/concurrently.js";

const [folder = "", count = ""] = process.argv.slice(2);

async function buildAll(): Promise<void> {
  const signal = new AbortController().signal;
  const bench = Workbench.open({ env: process.env, signal, allowRemote: false });
  const build = (index: number) =>
    bench.build({ folder }, { spec: { path: `apps/app-${index}`, targetNamespace: `app-${index}` } });
  for await (const objects of concurrently(Array(Number(count)).keys(), 4, build)) {
    if (objects.length === 0) throw new Error("nothing was built");
  }
  bench.close();
}

void buildAll();
