import { describe, expect, test } from "vitest";
import { commands } from "../../src/commands/index.js";
import { application, generated } from "../builders/argo.js";
import { ks } from "../builders/flux.js";
import { clusterTest } from "../cluster/cluster.js";
import { flamingo, type Surroundings } from "../flamingo.js";
import { folderWith } from "../folder.js";
import { proxyFor } from "../kube/kube-for.js";

/** What is offered for the last of these words, and the directive behind it. */
async function offered(words: readonly string[], around: Surroundings = {}): Promise<string[]> {
  const { exitCode, stdout, stderr } = await flamingo(["__complete", ...words], around);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^:\d+\n$/m);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "");
}

const nothing = [":4"];

describe("what definitions know", () => {
  test.each<[string[], string[]]>([
    [["gen"], ["generate-app", ":4"]],
    [
      ["-n", "web", "gen"],
      ["generate-app", ":4"],
    ],
    [
      ["help", "gen"],
      ["generate-app", ":4"],
    ],
    [["--conte"], ["--context", ":4"]],
    [
      ["generate-app", "--eng"],
      ["--engine", ":4"],
    ],
    [
      ["gen-app", "--eng"],
      ["--engine", ":4"],
    ],
    [
      ["generate-app", "--engine", ""],
      ["auto", "fsa", "loopback", ":4"],
    ],
    [
      ["generate-app", "--engine", "f"],
      ["fsa", ":4"],
    ],
    [
      ["generate-app", "--engine=f"],
      ["--engine=fsa", ":4"],
    ],
    [
      ["generate-app", "--dry-run=s"],
      ["--dry-run=server", ":4"],
    ],
    [
      ["generate-app", "--dry-run", "--exp"],
      ["--export", ":4"],
    ],
    [
      ["generate-app", "--kind", ""],
      ["ks", "hr", "rset", "fi", ":4"],
    ],
    [
      ["check", "-o", "j"],
      ["json", ":4"],
    ],
    [
      ["check", "-o=j"],
      ["-o=json", ":4"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish", "powershell", ":4"],
    ],
    [["generate-app", "-f", ""], [":0"]],
    [["generate-app", "-f=ex"], [":0"]],
    [["--kubeconfig", ""], [":0"]],
    [["generate-app", "--output-dir", ""], [":16"]],
    // a switch has no value, and after -- there are no flags
    [["check", "--pre="], nothing],
    [["check", "--", "--pr"], nothing],
    [["check", ""], nothing],
    [["nonsense", ""], nothing],
    [["check", "--nonsense=x"], nothing],
    [["check", "--listen", ""], nothing],
  ])("%j", async (words, expected) => expect(await offered(words)).toEqual(expected));

  test("every command, with what it does", async () => {
    expect(await offered([""])).toEqual([...commands.map(({ name }) => name), ":4"]);
    const { stdout } = await flamingo(["__complete", "vers"]);
    expect(stdout).toBe("version\tShow the versions of flamingo, Kubernetes, Flux and Argo CD\n:4\n");
  });

  test("every flag, long and short, but for hidden ones", async () => {
    const flags = await offered(["check", "-"]);
    expect(flags).toEqual(expect.arrayContaining(["-n", "--namespace", "--pre", "-o", "-h", "--version"]));
    expect(flags).not.toContain("--cache-dir");
  });
});

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: dev, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: me, user: { token: very-secret } }]
contexts:
  - { name: kind-dev, context: { cluster: dev, user: me } }
  - { name: "arn:aws:eks:eu-1:1:cluster/dev", context: { cluster: dev, user: me } }
current-context: kind-dev
`;

describe("names of the kubeconfig", () => {
  const file = () => `${folderWith({ config: kubeconfig })}/config`;

  test("are offered", async () => {
    const around = { kubeconfig: file() };
    expect(await offered(["check", "--context", ""], around)).toEqual([
      "arn:aws:eks:eu-1:1:cluster/dev",
      "kind-dev",
      ":4",
    ]);
    expect(await offered(["--context=k"], around)).toEqual(["--context=kind-dev", ":4"]);
    expect(await offered(["--kubeconfig", file(), "check", "--cluster", ""])).toEqual(["dev", ":4"]);
  });

  test.each<[string, string[], Surroundings]>([
    ["no kubeconfig", ["--kubeconfig", "/nonexistent", "--context", ""], {}],
    ["a broken one", ["--context", ""], { kubeconfig: import.meta.filename }],
    ["a line that is wrong", ["check", "--nonsense", "--context", ""], {}],
    ["a cluster that is away", ["-n", ""], { env: { FLUX_SYSTEM_NAMESPACE: "No Namespace" } }],
  ])("with %s nothing is said", async (_, words, around) => {
    expect(await offered(words, { kubeconfig: file(), ...around })).toEqual(nothing);
  });
});

describe("names of the cluster", () => {
  clusterTest("are offered as far as they are in the namespace", async ({ cluster }) => {
    const [apps, argocd] = ["complete-apps", "complete-argo"];
    for (const name of [apps, argocd]) await cluster.createNamespace(name);
    await cluster.applyAll([
      ks(`${apps}/podinfo`),
      ks(`${apps}/web`),
      generated(ks("web"), { name: "shown", namespace: argocd }),
      application(`${argocd}/native`),
    ]);
    const asAdmin = { kubeconfig: cluster.kubeconfig() };
    const cases: [string[], string[]][] = [
      [
        ["-n", "complete-"],
        [apps, argocd, ":4"],
      ],
      [["-N=complete-a"], [`-N=${apps}`, `-N=${argocd}`, ":4"]],
      [
        ["generate-app", "-n", apps, ""],
        ["ks/podinfo", "ks/web", ":4"],
      ],
      [
        ["generate-app", "-n", apps, "ks/p"],
        ["ks/podinfo", ":4"],
      ],
      [
        ["generate-app", "-n", apps, "ks/web", "Kustomizations/"],
        ["Kustomizations/podinfo", "Kustomizations/web", ":4"],
      ],
      [
        ["generate-app", "-N", argocd, "--app-name", ""],
        ["shown", ":4"],
      ],
    ];
    // on a busy machine it may be too late
    for (const [words, expected] of cases)
      await expect.poll(() => offered(words, asAdmin), { timeout: 15_000 }).toEqual(expected);
    expect(await offered(["generate-app", "-n", apps, "hr/"], asAdmin)).toEqual(nothing);
    expect(await offered(["generate-app", "-n", apps, "nonsense/"], asAdmin)).toEqual(nothing);
    const asNobody = { kubeconfig: cluster.kubeconfig({ user: "carol" }) };
    expect(await offered(["generate-app", "-n", apps, "ks/"], asNobody)).toEqual(nothing);
  });

  clusterTest("are not waited for", async ({ cluster }) => {
    const proxy = await proxyFor(cluster);
    proxy.decide(() => "hang");
    const began = performance.now();
    expect(await offered(["-n", ""], { kubeconfig: cluster.kubeconfig({ server: proxy.server }) })).toEqual(
      nothing,
    );
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
