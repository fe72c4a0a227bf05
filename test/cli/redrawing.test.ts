import { describe, expect } from "vitest";
import { generated } from "../builders/argo.js";
import { git, ks } from "../builders/flux.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import type { TestObject } from "../cluster/crds.js";
import { revision, withReady } from "../commands/get/scene.js";
import { isTerminalAtHand, spawnOnTerminal } from "../terminal.js";

/** flamingo on a terminal, and what stands there. */
function watched(cluster: TestCluster, line: string) {
  const running = spawnOnTerminal(line.split(" "), {
    columns: 120,
    env: { KUBECONFIG: cluster.kubeconfig() },
  });
  let written = "";
  running.child.stdout.on("data", (text: string) => {
    written += text;
  });
  const stands = () => screenOf(written);
  return {
    /** Ends when these lines, and no others, are to be seen. */
    shows: (...lines: unknown[]) => expect.poll(stands, { timeout: 20_000 }).toEqual(lines),
    async interrupt() {
      running.child.stdin.write("\x03");
      return (await running.ended).exitCode;
    },
    ended: () => running.ended,
  };
}

/** The lines that a terminal shows after all of this, by the codes that flamingo uses; none of them wraps. */
function screenOf(written: string): string[] {
  let [row, column] = [0, 0];
  const lines: string[] = [""];
  for (const [part] of written.matchAll(/\p{Cc}\[\d*[A-Z]|\r|\n|\P{Cc}+/gu)) {
    const line = lines[row] ?? "";
    const [, count, code] = /^\p{Cc}\[(\d*)(.)$/u.exec(part) ?? [];
    if (part === "\r") column = 0;
    else if (part === "\n") row++;
    else if (code === "H") [row, column] = [0, 0];
    else if (code === "A") row -= Number(count);
    else if (code === "J") lines.splice(row, lines.length, line.slice(0, column));
    else if (code === "K") lines[row] = count === "2" ? "" : line.slice(0, column);
    else if (code === undefined) {
      lines[row] = line.slice(0, column).padEnd(column) + part + line.slice(column + part.length);
      column += part.length;
    }
    while (lines.length <= row) lines.push("");
  }
  return lines.filter((line) => line !== "");
}

function says(object: TestObject, status: string, message: string): TestObject {
  return withReady(object, message, status === "True" ? {} : { status, reason: "Failed" });
}

describe.skipIf(!isTerminalAtHand())("on a terminal (of util-linux's script)", () => {
  clusterTest("get -w draws over what it drew", async ({ cluster }) => {
    const at = "redrawing-get";
    await cluster.createNamespace(at);
    const [one, two] = [ks(`${at}/one`), ks(`${at}/two`)];
    await cluster.applyAll<TestObject>([
      says(one, "True", "applied"),
      says(two, "True", "applied"),
      ...[one, two].map((workload) => generated(workload, { namespace: at })),
    ]);
    const head = expect.stringMatching(/^NAMESPACE +APP .* READY /);
    const row = (name: string, ready: string) => expect.stringMatching(`^${at} +${name} .* False +${ready} `);
    const { shows, interrupt } = watched(cluster, `get -w -N ${at}`);
    await shows(head, row("one", "True"), row("two", "True"));
    await cluster.apply(says(one, "False", "broken"));
    await shows(head, row("one", "False"), row("two", "True"));
    await cluster.delete("argoproj.io/v1alpha1", "Application", "one", at);
    await shows(head, row("two", "True"));
    expect(await interrupt()).toBe(130);
  });

  clusterTest("wait leaves only the end standing", async ({ cluster }) => {
    const at = "redrawing-wait";
    await cluster.createNamespace(at);
    const [one, two] = [ks(`${at}/one`), ks(`${at}/two`)];
    const conditions = [{ type: "Ready", status: "True", reason: "Succeeded", message: "stored artifact" }];
    const stored = { observedGeneration: 1, conditions, artifact: { revision } };
    await cluster.applyAll<TestObject>([{ ...git(`${at}/src`), status: stored }, one, two]);
    const { shows, ended } = watched(cluster, `wait ks/one ks/two -n ${at} --timeout 60s`);
    const begins = "◎ Waiting for 2 workloads";
    const waits = (name: string) => expect.stringMatching(`^◎ Kustomization ${name} in ${at} `);
    await shows(begins, waits("one"), waits("two"), "  0 of 2 done");
    await cluster.apply(says(one, "True", "applied"));
    const first = `Kustomization one in ${at} is ready: applied`;
    await shows(begins, first, waits("two"), "  1 of 2 done");
    await cluster.apply(says(two, "True", "applied"));
    await shows(begins, first, `Kustomization two in ${at} is ready: applied`);
    expect(await ended()).toMatchObject({ exitCode: 0 });
  });
});
