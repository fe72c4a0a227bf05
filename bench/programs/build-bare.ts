// Runs kustomize in the folders apps/app-0 … of a tree, one after the other, as a loop in a shell does, and nothing else.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const [cwd = "", count = ""] = process.argv.slice(2);

async function buildAll(): Promise<void> {
  for (let index = 0; index < Number(count); index++) {
    const { stdout } = await promisify(execFile)("kustomize", ["build", `apps/app-${index}`], { cwd });
    if (stdout === "") throw new Error("nothing was built");
  }
}

void buildAll();
