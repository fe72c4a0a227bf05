import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect } from "vitest";
import { clusterTest, sharedCluster, type TestCluster } from "../../cluster/cluster.js";
import type { KubeconfigOptions } from "../../cluster/kubeconfig.js";
import {
  asOlderServer,
  type Fate,
  type FaultProxy,
  type SeenRequest,
  startProxy,
} from "../../cluster/proxy.js";
import { flamingo, type Run } from "../../flamingo.js";
import { folderWith } from "../../folder.js";
import { Setting, stockImage } from "./setting.js";

const apps = "/apis/argoproj.io/v1alpha1";
const leases = "/apis/coordination.k8s.io/v1";
const kustomize = "/apis/kustomize.toolkit.fluxcd.io/v1";

/** One of what a `generate-app ks/podinfo` asks, by what is asked for. */
const asksFor = {
  discovery: ({ path }: SeenRequest) => path === "/apis",
  workload: ({ path }: SeenRequest) => path.startsWith(kustomize),
  source: ({ path }: SeenRequest) => path.includes("gitrepositories"),
  argo: ({ path }: SeenRequest) => path.includes("/statefulsets"),
  application: ({ path, method }: SeenRequest) => path.includes("/applications") && method === "GET",
  write: ({ method }: SeenRequest) => method === "PATCH",
};
type Asked = keyof typeof asksFor;
const everything = Object.keys(asksFor) as Asked[];

/** This fate for the first so many requests of a kind. */
function first(count: number, asked: Asked, fate: Fate): (request: SeenRequest) => Fate {
  let left = count;
  return (request) => (asksFor[asked](request) && left-- > 0 ? fate : "pass");
}

const status = (code: number, message: string, headers: Record<string, string> = {}): Fate => ({
  status: code,
  headers,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", message, code },
});

describe("through a proxy with faults", async () => {
  const cluster = await sharedCluster();
  const proxy: FaultProxy | undefined = cluster && (await startProxy(cluster));
  afterAll(() => proxy?.stop());
  beforeEach(() => {
    proxy?.decide(() => "pass");
    proxy?.forget();
  });
  const decide = (fate: (request: SeenRequest) => Fate) => proxy?.decide(fate);
  const paths = () => proxy?.requests.map(({ method, path }) => `${method} ${path}`) ?? [];

  /** A Kustomization with its source, and flamingo run on it behind the proxy. */
  async function podinfo(cluster: TestCluster, name: string, workloads = ["podinfo"]) {
    const setting = await Setting.make(cluster, name);
    await setting.git();
    for (const workload of workloads) await setting.kustomization(workload);
    const run = (line: string, options: KubeconfigOptions = {}): Promise<Run> =>
      setting.run(line, { kubeconfig: proxy?.kubeconfig(options) ?? "" });
    return { setting, run, server: proxy?.server ?? "" };
  }

  async function timed(work: Promise<Run>): Promise<Run & { ms: number }> {
    const start = performance.now();
    return { ...(await work), ms: performance.now() - start };
  }

  const applied = "application.argoproj.io/podinfo created\n";

  describe("what passes", () => {
    clusterTest.for(everything)("429 with Retry-After: %s", async (asked, { cluster }) => {
      const { run } = await podinfo(cluster, `faults-busy-${asked}`);
      decide(first(1, asked, status(429, "slow down", { "retry-after": "1" })));
      const { exitCode, stdout, stderr, ms } = await timed(run("ks/podinfo"));
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: applied });
      expect(stderr).not.toMatch(/✗|⚠/);
      expect(ms).toBeGreaterThan(1000);
    });

    clusterTest.for(everything)("503 twice: %s", async (asked, { cluster }) => {
      const { run } = await podinfo(cluster, `faults-503-${asked}`);
      decide(first(2, asked, { status: 503, body: "upstream connect error" }));
      expect(await run("ks/podinfo")).toMatchObject({ exitCode: 0, stdout: applied });
    });

    clusterTest.for(everything)("a connection that is reset: %s", async (asked, { cluster }) => {
      const { run } = await podinfo(cluster, `faults-reset-${asked}`);
      decide(first(1, asked, "reset"));
      expect(await run("ks/podinfo")).toMatchObject({ exitCode: 0, stdout: applied });
    });

    clusterTest.for(everything)("an answer that breaks off: %s", async (asked, { cluster }) => {
      const { run } = await podinfo(cluster, `faults-cut-${asked}`);
      decide(first(1, asked, { truncateAfterBytes: 40 }));
      const { exitCode, stdout } = await run("ks/podinfo");
      // the write that broke off was one, and what the second one finds is there already
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: applied });
    });

    clusterTest("a server without aggregated discovery", async ({ cluster }) => {
      const { run, setting } = await podinfo(cluster, "faults-older");
      await setting.argo(stockImage);
      decide(asOlderServer);
      expect(await run("ks/podinfo --export")).toMatchObject({ exitCode: 0 });
      // groups, then every version of the three groups that are asked for
      expect(paths().sort()).toEqual(
        [
          "GET /apis",
          `GET ${apps}`,
          `GET ${apps}/namespaces/${setting.appNamespace}/applications/podinfo`,
          `GET /apis/apps/v1/namespaces/${setting.appNamespace}/statefulsets`,
          `GET ${leases}/namespaces/${setting.appNamespace}/leases`,
          `GET ${kustomize}`,
          `GET ${kustomize}/namespaces/${setting.namespace}/kustomizations/podinfo`,
          "GET /apis/source.toolkit.fluxcd.io/v1",
          `GET /apis/source.toolkit.fluxcd.io/v1/namespaces/${setting.namespace}/gitrepositories/src`,
        ].sort(),
      );
      expect(await run("--all")).toMatchObject({ exitCode: 0 });
    });
  });

  describe("what does not pass", () => {
    clusterTest.for([
      [
        "a login page",
        {
          status: 200,
          headers: { "content-type": "text/html" },
          body: "<html><title>Sign in</title></html>",
        },
        'answered with a web page "Sign in"',
      ],
      ["a text", { status: 200, body: "hello" }, 'answered with something else than JSON: "hello"'],
      ["nothing", { status: 200, body: "" }, "answered with an empty text"],
      [
        "a redirect",
        { status: 302, headers: { location: "https://sso.example/login?code=1" }, body: "" },
        "answered with a redirect to https://sso.example/login",
      ],
    ] as const)("%s instead of JSON", async ([title, fate, why], { cluster }) => {
      const { run, server } = await podinfo(cluster, `faults-foreign-${title.replaceAll(" ", "-")}`);
      decide((request) => (asksFor.workload(request) ? (fate as Fate) : "pass"));
      const { exitCode, stdout, stderr } = await run("ks/podinfo");
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(
        sentence(
          `Cannot read Kustomization podinfo in faults-foreign-${title.replaceAll(" ", "-")}: ${server} ${why}`,
          "That is no API server: check the address in context test \\(.*\\), and whether a proxy in between wants a login",
        ),
      );
    });

    clusterTest.for(everything)(
      "a server that never answers, with --timeout 2s: %s",
      async (asked, { cluster }) => {
        const { run, server, setting } = await podinfo(cluster, `faults-hang-${asked}`);
        decide((request) => (asksFor[asked](request) ? "hang" : "pass"));
        const { exitCode, stdout, stderr, ms } = await timed(run("ks/podinfo --timeout 2s"));
        expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
        expect(ms).toBeGreaterThan(1900);
        // one second over it, and one for a busy machine
        expect(ms).toBeLessThan(4000);
        const doing = {
          discovery: `read Kustomization podinfo in ${setting.namespace}`,
          workload: `read Kustomization podinfo in ${setting.namespace}`,
          source: `read GitRepository src in ${setting.namespace}`,
          argo: `list StatefulSets in ${setting.appNamespace}`,
          application: `read Application podinfo in ${setting.appNamespace}`,
          write: `apply Application podinfo in ${setting.appNamespace}`,
        }[asked];
        const warning =
          asked === "write"
            ? "⚠ Stopped after 0 of 1 Applications: none; 1 under way, which may be there or not\n"
            : "⚠ Stopped before anything was written\n";
        expect(stderr).toContain(
          `${warning}✗ Cannot ${doing}: the time of --timeout is over, and ${server} had not answered in full\n  hint: Give it more time with --timeout\n`,
        );
      },
    );

    clusterTest("--request-timeout, for each request", async ({ cluster }) => {
      const { run, server } = await podinfo(cluster, "faults-request-timeout");
      decide((request) => (asksFor.workload(request) ? "hang" : "pass"));
      const { exitCode, stderr, ms } = await timed(run("ks/podinfo --request-timeout 500ms"));
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        sentence(
          `Cannot read Kustomization podinfo in faults-request-timeout: ${server} did not answer in full within 0.5s`,
          "Check that the cluster of context test \\(.*\\) is up and can be reached from here, or give it longer with --request-timeout",
        ),
      );
      expect(ms).toBeLessThan(5000);
    });

    clusterTest("503 for ever, until the deadline", async ({ cluster }) => {
      const { run, server } = await podinfo(cluster, "faults-503-ever");
      decide((request) => (asksFor.workload(request) ? status(503, "shutting down") : "pass"));
      const { exitCode, stderr, ms } = await timed(run("ks/podinfo --timeout 1s"));
      expect(exitCode).toBe(3);
      expect(stderr).toContain(`the time of --timeout is over, and ${server} still answered 503\n`);
      expect(ms).toBeLessThan(5000);
    });

    clusterTest("a Retry-After beyond all patience", async ({ cluster }) => {
      const { run, server } = await podinfo(cluster, "faults-429-ever");
      decide((request) =>
        asksFor.workload(request) ? status(429, "later", { "retry-after": "600" }) : "pass",
      );
      const { exitCode, stderr, ms } = await timed(run("ks/podinfo"));
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        `${server} has too much to do (429); it asks to wait (Retry-After: 600)\n  hint: Try again later\n`,
      );
      expect(ms).toBeLessThan(5000);
    });

    clusterTest("a token that is not accepted", async ({ cluster }) => {
      const { run, server } = await podinfo(cluster, "faults-401");
      const { exitCode, stdout, stderr } = await run("ks/podinfo", { token: "s3cret-and-expired" });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(
        sentence(
          `Cannot [^:]*: ${server} does not accept the credentials, which may have expired \\(401\\)`,
          "Renew the credentials of context test \\(.*\\), or choose another --context",
        ),
      );
      expect(stderr).not.toContain("s3cret");
    });

    clusterTest("a client certificate that has expired", async ({ cluster }) => {
      const { setting } = await podinfo(cluster, "faults-certificate");
      const certificate = { user: "jane", groups: ["system:masters"], notAfter: new Date(Date.now() - 1000) };
      const { exitCode, stderr } = await setting.run("ks/podinfo", {
        kubeconfig: cluster.kubeconfig({ certificate }),
      });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /does not accept the credentials, which may have expired \(401\)\n {2}hint: Renew /,
      );
    });

    clusterTest("credentials that expire in the middle", async ({ cluster }) => {
      const names = ["a", "b", "c"];
      const { run, server, setting } = await podinfo(cluster, "faults-401-middle", names);
      let writes = 0;
      decide((request) => (asksFor.write(request) && ++writes > 1 ? status(401, "Unauthorized") : "pass"));
      const { exitCode, stdout, stderr } = await run("--all");
      expect(exitCode).toBe(1);
      const made = names.filter((name) =>
        stdout.includes(`application.argoproj.io/faults-401-middle-${name}-ks created\n`),
      );
      expect(made).toHaveLength(1);
      const refused = names.filter((name) =>
        stderr.includes(
          `✗ Cannot apply Application faults-401-middle-${name}-ks in ${setting.appNamespace}: ${server} does not accept the credentials, which may have expired (401)\n`,
        ),
      );
      expect([...made, ...refused].sort()).toEqual(names);
      expect(stderr).toContain("✔ Applied 1 of 3 Applications: 1 created\n");
    });
  });

  describe("the number of requests", () => {
    clusterTest("of one workload that is printed: six", async ({ cluster }) => {
      const { run, setting } = await podinfo(cluster, "faults-count-one");
      await setting.argo(stockImage);
      expect(await run("ks/podinfo --export")).toMatchObject({ exitCode: 0 });
      expect(paths().sort()).toEqual(
        [
          "GET /apis",
          `GET ${apps}/namespaces/${setting.appNamespace}/applications/podinfo`,
          `GET /apis/apps/v1/namespaces/${setting.appNamespace}/statefulsets`,
          `GET ${leases}/namespaces/${setting.appNamespace}/leases`,
          `GET ${kustomize}/namespaces/${setting.namespace}/kustomizations/podinfo`,
          `GET /apis/source.toolkit.fluxcd.io/v1/namespaces/${setting.namespace}/gitrepositories/src`,
        ].sort(),
      );
      expect(proxy?.connections).toBeLessThanOrEqual(2);
    });

    clusterTest("of one workload where no Argo CD runs: as many", async ({ cluster }) => {
      const { run, setting } = await podinfo(cluster, "faults-count-none");
      expect(await run("ks/podinfo --export")).toMatchObject({ exitCode: 0 });
      expect(paths(), paths().join(" ")).toHaveLength(6);
      expect(paths()).toContain(`GET /apis/apps/v1/namespaces/${setting.appNamespace}/deployments`);
    });

    clusterTest("of one workload that is applied: one more", async ({ cluster }) => {
      const { run, setting } = await podinfo(cluster, "faults-count-apply");
      await setting.argo(stockImage);
      expect(await run("ks/podinfo")).toMatchObject({ exitCode: 0 });
      expect(paths(), paths().join(" ")).toHaveLength(7);
    });

    clusterTest("of all workloads: pages, discovery, and the look at Argo CD", async ({ cluster }) => {
      const { run, setting } = await podinfo(cluster, "faults-count-all");
      await setting.argo(stockImage);
      const { exitCode } = await run("--all -A --export");
      // workloads of other tests may fail; what counts is how they are asked for
      expect([0, 1]).toContain(exitCode);
      const asked = paths();
      const lists = asked.filter((line) =>
        /\/(v\d\w*)\/(kustomizations|helmreleases|\w+(repositories|charts|buckets|artifacts|artifactgenerators))$/.test(
          line,
        ),
      );
      const others = [
        "GET /apis",
        `GET /apis/apps/v1/namespaces/${setting.appNamespace}/statefulsets`,
        `GET ${apps}/namespaces/${setting.appNamespace}/applications`,
        `GET ${leases}/namespaces/${setting.appNamespace}/leases`,
      ];
      expect(asked.filter((line) => !lists.includes(line)).sort()).toEqual(others.sort());
      // pages of 500: none is asked for twice
      const pages = proxy?.requests.map(({ path, query }) => `${path} ${query.get("continue")}`) ?? [];
      expect(new Set(pages).size).toBe(pages.length);
      expect(lists).toContain(`GET ${kustomize}/kustomizations`);
      expect(lists).toContain("GET /apis/source.toolkit.fluxcd.io/v1/gitrepositories");
    });
  });

  describe("--verbose", () => {
    clusterTest("tells each request and no secret", async ({ cluster }) => {
      const { run, setting } = await podinfo(cluster, "faults-verbose");
      await setting.argo(stockImage);
      decide(first(1, "workload", status(503, "soon")));
      const { exitCode, stdout, stderr } = await run("ks/podinfo --verbose --export");
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^---\n/);
      const lines = stderr.split("\n").filter((line) => line.startsWith("  "));
      expect(lines.map((line) => line.replace(/ in \d+ms$/, "").trim()).sort()).toEqual(
        [
          "GET /apis 200",
          `GET ${apps}/namespaces/${setting.appNamespace}/applications/podinfo 404`,
          `GET /apis/apps/v1/namespaces/${setting.appNamespace}/statefulsets?limit=500 200`,
          `GET ${leases}/namespaces/${setting.appNamespace}/leases?labelSelector=app.kubernetes.io%2Fname%3Dflamingo-loopback&limit=500 200`,
          `GET ${kustomize}/namespaces/${setting.namespace}/kustomizations/podinfo 200`,
          `GET ${kustomize}/namespaces/${setting.namespace}/kustomizations/podinfo 503`,
          `GET /apis/source.toolkit.fluxcd.io/v1/namespaces/${setting.namespace}/gitrepositories/src 200`,
        ].sort(),
      );
      expect(stderr).not.toContain(cluster.connection.tokens.admin);
    });

    clusterTest("has no secret of the command line or of an error either", async ({ cluster }) => {
      const { setting } = await podinfo(cluster, "faults-verbose-token");
      decide(() => status(403, 'token "s3cret-t0ken" of user:p4ssword is not allowed'));
      const { stderr } = await setting.run("ks/podinfo --verbose --token s3cret-t0ken", {
        kubeconfig: proxy?.kubeconfig() ?? "",
      });
      expect(stderr).toContain("403");
      expect(stderr).not.toContain("s3cret-t0ken");
    });
  });
});

describe("a user with few rights", () => {
  const canI = (verb: string, resource: string, where: string) =>
    `hint: Choose another --context or --as, or ask for the right; to check it: kubectl auth can-i ${verb} ${resource}${where}\n`;

  /** carol may do nothing but what is granted here, in this namespace. */
  async function carol(cluster: TestCluster, name: string, grants: Record<string, string[]> = {}) {
    const setting = await Setting.make(cluster, name);
    await setting.git();
    await setting.kustomization("podinfo");
    await setting.helmRelease("chart");
    for (const [resource, verbs] of Object.entries(grants)) {
      const namespace = /applications|statefulsets|deployments/.test(resource)
        ? setting.appNamespace
        : setting.namespace;
      await cluster.grant("carol", { apiGroups: ["*"], resources: [resource], verbs }, namespace);
    }
    const kubeconfig = cluster.kubeconfig({ user: "carol" });
    return { setting, run: (line: string) => setting.run(line, { kubeconfig }) };
  }

  const kustomizations = "kustomizations.kustomize.toolkit.fluxcd.io";

  clusterTest("may not read the workload", async ({ cluster }) => {
    const { run } = await carol(cluster, "rights-none");
    const { exitCode, stdout, stderr } = await run("ks/podinfo --export");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe(
      `✗ Cannot read Kustomization podinfo in rights-none: ${kustomizations} "podinfo" is forbidden: User "carol" cannot get resource "kustomizations" in API group "kustomize.toolkit.fluxcd.io" in the namespace "rights-none"\n  ${canI("get", kustomizations, " -n rights-none")}`,
    );
  });

  clusterTest("may not list them", async ({ cluster }) => {
    const { run } = await carol(cluster, "rights-no-list");
    const { exitCode, stdout, stderr } = await run("--all -A --kind ks --export");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe(
      `✗ Cannot list Kustomizations: ${kustomizations} is forbidden: User "carol" cannot list resource "kustomizations" in API group "kustomize.toolkit.fluxcd.io" at the cluster scope\n  ${canI("list", kustomizations, " --all-namespaces")}`,
    );
  });

  clusterTest("may list one kind only: gets that one, and exit code 1", async ({ cluster }) => {
    const { run } = await carol(cluster, "rights-one-kind", {
      kustomizations: ["list"],
      gitrepositories: ["list"],
    });
    const { exitCode, stdout, stderr } = await run("--all --export");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("name: rights-one-kind-podinfo-ks\n");
    expect(stderr).toContain(
      "✗ Cannot list HelmReleases in rights-one-kind: helmreleases.helm.toolkit.fluxcd.io is forbidden",
    );
    expect(stderr).toContain(
      "► Engine loopback: which Argo CD runs in rights-one-kind-argocd is not known, since flamingo cannot list StatefulSets in",
    );
  });

  clusterTest("may not read the source", async ({ cluster }) => {
    const { run } = await carol(cluster, "rights-no-source", { kustomizations: ["get", "list"] });
    for (const line of ["ks/podinfo --export", "--all --kind ks --export"]) {
      const { exitCode, stdout, stderr } = await run(line);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(
        /✗ Cannot (read GitRepository src|list GitRepositories) in rights-no-source: gitrepositories\.source\.toolkit\.fluxcd\.io ("src" )?is forbidden: User "carol" cannot (get|list) /,
      );
    }
  });

  clusterTest("may not look at Applications: printing needs no look, writing does", async ({ cluster }) => {
    const { run, setting } = await carol(cluster, "rights-no-apps", {
      kustomizations: ["get"],
      gitrepositories: ["get"],
    });
    expect(await run("ks/podinfo --export")).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout, stderr } = await run("ks/podinfo");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(
      `✗ Cannot read Application podinfo in ${setting.appNamespace}: applications.argoproj.io "podinfo" is forbidden`,
    );
    expect(stderr).toContain(canI("get", "applications.argoproj.io", ` -n ${setting.appNamespace}`));
  });

  clusterTest("may not write Applications", async ({ cluster }) => {
    const { run, setting } = await carol(cluster, "rights-no-write", {
      kustomizations: ["get"],
      gitrepositories: ["get"],
      applications: ["get", "list"],
    });
    const { exitCode, stdout, stderr } = await run("ks/podinfo");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(
      `✗ Cannot apply Application podinfo in ${setting.appNamespace}: applications.argoproj.io "podinfo" is forbidden: User "carol" cannot patch`,
    );
    expect(stderr).toContain(canI("patch", "applications.argoproj.io", ` -n ${setting.appNamespace}`));
  });

  clusterTest("acts as somebody else with --as, if they may", async ({ cluster }) => {
    const { run } = await carol(cluster, "rights-as");
    const { exitCode, stderr } = await run("ks/podinfo --as admin");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^✗ Cannot .*User "carol" cannot impersonate.*\n {2}hint: Choose another --context or --as, or ask/,
    );
  });
});

describe("no cluster", () => {
  clusterTest("that answers", async ({ cluster }) => {
    const down = await startProxy(cluster);
    const kubeconfig = down.kubeconfig();
    await down.stop();
    const { exitCode, stdout, stderr } = await flamingo("generate-app ks/podinfo", { kubeconfig });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      sentence(
        `Cannot [^:]*: ${down.server} refused the connection`,
        "Check that the cluster of context test \\(.*\\) is up and can be reached from here \\(network, VPN\\), or choose another --context",
      ),
    );
  });

  clusterTest("of that context", async ({ cluster }) => {
    const kubeconfig = cluster.kubeconfig();
    const { exitCode, stdout, stderr } = await flamingo("generate-app ks/podinfo --context prod", {
      kubeconfig,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^✗ .*\bprod\b.*\n {2}hint: .*\btest\b.*\n$/);
  });

  clusterTest("in no kubeconfig", async () => {
    expect(await flamingo("generate-app ks/podinfo")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "✗ Cannot choose a cluster: /nonexistent is missing or empty, and flamingo does not run in a cluster\n  hint: Set KUBECONFIG, or add --kubeconfig FILE or --api-server URL\n",
    });
  });

  clusterTest("in a broken kubeconfig", async () => {
    const kubeconfig = join(folderWith(), "config");
    writeFileSync(kubeconfig, "clusters: [\n");
    const { exitCode, stdout, stderr } = await flamingo("generate-app ks/podinfo", { kubeconfig });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^✗ Cannot read the kubeconfig .*\n {2}hint: .*\n$/);
  });
});

/** The whole of stderr is this sentence and this hint (regular expressions). */
function sentence(what: string, hint: string): RegExp {
  return new RegExp(`(^|\n)✗ ${what}\n {2}hint: ${hint}\n$`);
}
