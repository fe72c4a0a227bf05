import { once } from "node:events";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Stopped } from "../../../src/abort.js";
import { runner } from "../../builders/kube.js";
import { clusterTest, ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { flamingo } from "../../flamingo.js";
import { folderWith } from "../../folder.js";
import type { PodSide } from "../../kube/port-forward/accept-forwards.js";
import { startKubelet } from "../../kube/port-forward/kubelet.js";
import { stock } from "../check/scene.js";
import { installServer, serverDeployment, serverPod, serverService, startForward } from "./page.js";

const echo = { onBytes: (bytes: Buffer, pod: PodSide) => pod.say(bytes) };
const named = (name: string) => ({ onBytes: (_: Buffer, pod: PodSide) => pod.say(name) });

/** What comes back, or "broken" when the connection breaks off. */
async function ask(port: number, question = "who are you?", host = "127.0.0.1"): Promise<string> {
  const socket = connect(port, host);
  onTestFinished(() => void socket.destroy());
  socket.write(question);
  try {
    const [answer] = await once(socket, "data");
    return String(answer);
  } catch {
    return "broken";
  } finally {
    socket.destroy();
  }
}

describe("the command line", () => {
  test.each([
    ["--port 70000", '✗ --port "70000" is no port\n  hint: Write a number up to 65535\n'],
    ["--port http", '✗ --port "http" is no port\n  hint: Write a number up to 65535\n'],
    ["--target-port 1e9", '✗ --target-port "1e9" is no port\n  hint: Write a number up to 65535\n'],
    [
      "--address example.com",
      '✗ --address "example.com" is no address\n  hint: Write localhost or an IP address\n',
    ],
    ["--address 127.0.0.1,", '✗ --address "" is no address\n  hint: Write localhost or an IP address\n'],
  ])("port-fwd %s is wrong", async (flags, stderr) =>
    expect(await flamingo(`port-fwd ${flags}`)).toEqual({ exitCode: 2, stdout: "", stderr }),
  );
});

describe("a forward", () => {
  clusterTest("is told with its address, and ends when it is stopped", async ({ cluster }) => {
    const { namespace, kubelet } = await installServer(cluster, "fwd-plain", echo);
    const { url, port, stop } = await startForward(cluster, `-N ${namespace} --port 0`);
    expect(await ask(port, "hello")).toBe("hello");
    expect(await ask(port, "hello", "::1")).toBe("hello");
    expect(kubelet.asked[0]).toBe("/portForward/fwd-plain/server-a?port=8080");
    expect(await stop()).toEqual({
      exitCode: 0,
      stdout: `https://localhost:${port}\n`,
      stderr: "✔ Forwarding to port 443 of Service argocd-server in fwd-plain, until Ctrl-C\n",
    });
    expect(url).toBe(`https://localhost:${port}`);
    expect(await ask(port)).toBe("broken");
    await expect.poll(() => kubelet.connections).toBe(0);
  });

  clusterTest("by any of its names", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-names", echo);
    for (const name of ["pf", "port-forward"]) {
      const run = await flamingo(`${name} -N ${namespace} --port 0`, {
        kubeconfig: cluster.kubeconfig(),
        signal: AbortSignal.timeout(1500),
      });
      expect(run.stderr).toMatch(/^✔ Forwarding /);
    }
  });

  clusterTest("takes fifty connections at once, each its own", async ({ cluster }) => {
    const { namespace, kubelet } = await installServer(cluster, "fwd-many", echo);
    const { port } = await startForward(cluster, `-N ${namespace} --port 0`);
    const sockets = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const socket: Socket = connect(port, "127.0.0.1");
        socket.write(`connection ${index}`);
        const [answer] = await once(socket, "data");
        expect(String(answer)).toBe(`connection ${index}`);
        return socket;
      }),
    );
    expect(kubelet.connections).toBe(50);
    for (const socket of sockets) socket.resetAndDestroy();
    await expect.poll(() => kubelet.connections).toBe(0);
  });

  clusterTest("goes to the pod that replaces another", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-replaced", named("the first"));
    const { port, said } = await startForward(cluster, `-N ${namespace} --port 0`);
    expect(await ask(port)).toBe("the first");
    await startKubelet(cluster, "fwd-replaced-b", named("the second"));
    await cluster.request("DELETE", `/api/v1/namespaces/${namespace}/pods/server-a?gracePeriodSeconds=0`);
    expect(await ask(port)).toBe("broken");
    await cluster.apply(serverPod(namespace, "server-b", "fwd-replaced-b"));
    expect(await ask(port)).toBe("the second");
    expect(said()).toMatch(
      /^✔ .*\n✗ Cannot connect to port 443 of Service argocd-server in fwd-replaced: no pod has its labels .*\n {2}hint: .*\n$/,
    );
  });

  ownClusterTest()(
    "goes on when the API server has started again",
    { timeout: 60_000 },
    async ({ cluster }) => {
      const { namespace } = await installServer(cluster, "fwd-restart", echo);
      const { port, said } = await startForward(cluster, `-N ${namespace} --port 0`);
      const socket = connect(port, "127.0.0.1");
      const closed = new Promise((resolve) => socket.on("error", () => {}).once("close", resolve));
      socket.write("hello");
      await once(socket, "data");
      const restarted = cluster.restart();
      await closed;
      // meanwhile a connection waits for it, or breaks off
      expect(["anybody?", "broken"]).toContain(await ask(port, "anybody?"));
      await restarted;
      expect(await ask(port, "back?")).toBe("back?");
      expect(said()).toMatch(/^✔ /);
    },
  );

  clusterTest("says once what is wrong in the pod, until it is right", async ({ cluster }) => {
    let isUp = false;
    const { namespace } = await installServer(cluster, "fwd-refused", {
      onConnect: (pod) => void (isUp || pod.fail("dial tcp4 127.0.0.1:8080: connect: connection refused")),
      onBytes: echo.onBytes,
    });
    const { port, said } = await startForward(cluster, `-N ${namespace} --port 0`);
    expect([await ask(port), await ask(port)]).toEqual(["broken", "broken"]);
    isUp = true;
    expect(await ask(port, "hello")).toBe("hello");
    isUp = false;
    expect(await ask(port)).toBe("broken");
    const refusal =
      "✗ Cannot connect to port 8080 of Pod server-a in fwd-refused: nothing listens there in the pod (connection refused)\n  hint: Look at what runs in it: kubectl logs -n fwd-refused server-a --all-containers\n";
    expect(said().split("\n").slice(1).join("\n")).toBe(refusal + refusal);
  });

  clusterTest("waits for a pod that is about to run, until it is stopped", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("fwd-soon");
    await startKubelet(cluster, "fwd-soon", echo);
    await cluster.applyAll([serverService(namespace), serverDeployment(namespace)]);
    const waits =
      "◎ Waiting up to a minute for a pod, since flamingo cannot connect to port 443 of Service argocd-server in fwd-soon: no pod has its labels (app.kubernetes.io/name=argocd-server)\n";
    const end = new AbortController();
    const stopped = flamingo(`port-fwd -N ${namespace} --port 0`, {
      kubeconfig: cluster.kubeconfig(),
      signal: end.signal,
      onStderr: () => end.abort(new Stopped("Interrupted", 130)),
    });
    expect(await stopped).toEqual({ exitCode: 130, stdout: "", stderr: `${waits}✗ Interrupted\n` });
    const starting = startForward(cluster, `-N ${namespace} --port 0`);
    await cluster.apply(serverPod(namespace, "server-a", "fwd-soon"));
    const { port, said } = await starting;
    expect(await ask(port, "hello")).toBe("hello");
    expect(said().replace(waits, "")).toBe(
      "✔ Forwarding to port 443 of Service argocd-server in fwd-soon, until Ctrl-C\n",
    );
  });

  clusterTest("takes a pod that is not Ready where none is, and says so", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-unready", echo);
    await cluster.apply(serverPod(namespace, "server-a", "fwd-unready", false));
    const { port, said } = await startForward(cluster, `-N ${namespace} --port 0`);
    expect([await ask(port, "a"), await ask(port, "b")]).toEqual(["a", "b"]);
    expect(said().match(/^⚠ .*$/gm)).toEqual([
      "⚠ Pod server-a in fwd-unready is Running, not Ready; connecting to it all the same",
    ]);
  });
});

describe("the address", () => {
  const insecure = { args: ["argocd-server", "--insecure", "--rootpath=/argo"] };
  clusterTest.for<[string, string, object, string, string]>([
    ["of a server without TLS", "http", insecure, "", "http://localhost:PORT/argo via 80"],
    ["on one address", "one", {}, "--address 127.0.0.1", "https://127.0.0.1:PORT via 443"],
    ["on an IPv6 address", "six", {}, "--address ::1", "https://[::1]:PORT via 443"],
    ["on all of them", "all", {}, "--address 0.0.0.0,::", "https://localhost:PORT via 443"],
    ["of a port by name", "name", {}, "--target-port http", "https://localhost:PORT via http"],
  ])("%s", async ([, name, container, flags, expected], { cluster }) => {
    const { namespace } = await installServer(cluster, `fwd-address-${name}`, echo, container);
    const { url, port, said } = await startForward(cluster, `-N ${namespace} --port 0 ${flags}`);
    const via = /to port (\S+) of/.exec(said())?.[1];
    expect(`${url.replace(`:${port}`, ":PORT")} via ${via}`).toBe(expected);
  });

  clusterTest("is that of the renamed Service before the server", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("fwd-renamed");
    await startKubelet(cluster, "fwd-renamed", echo);
    await cluster.applyAll([
      serverService(namespace, "another", { app: "another" }),
      serverService(namespace, "gitops"),
      serverDeployment(namespace, {}, "my-argo-server"),
      serverPod(namespace, "server-a", "fwd-renamed"),
    ]);
    const { port, said } = await startForward(cluster, `--argocd-namespace ${namespace} --port 0`);
    expect(said()).toBe("✔ Forwarding to port 443 of Service gitops in fwd-renamed, until Ctrl-C\n");
    expect(await ask(port, "hello")).toBe("hello");
  });

  clusterTest("is opened in the browser", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-open", echo);
    const folder = folderWith({ "xdg-open": `#!/bin/sh\necho "$@" > "$(dirname "$0")/opened"\n` });
    chmodSync(join(folder, "xdg-open"), 0o755);
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    const { url } = await startForward(cluster, `-N ${namespace} --port 0 --open`, { env });
    const opened = join(folder, "opened");
    await expect.poll(() => existsSync(opened) && readFileSync(opened, "utf8")).toBe(`${url}\n`);
  });

  clusterTest("is to be opened by hand where nothing opens a browser", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-closed", echo);
    const env = { PATH: folderWith() };
    const { url, said } = await startForward(cluster, `-N ${namespace} --port 0 --open`, { env });
    await expect
      .poll(said)
      .toContain(`⚠ Cannot open the browser: there is no xdg-open\n  hint: Open ${url} yourself\n`);
  });
});

describe("without a way there", () => {
  const run = (cluster: TestCluster, flags: string, user?: "alice") =>
    flamingo(`port-fwd --port 0 ${flags}`, { kubeconfig: cluster.kubeconfig(user ? { user } : {}) });

  clusterTest("a busy port is told with a free one", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-busy", echo);
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { exitCode, stdout, stderr } = await run(cluster, `-N ${namespace} --port ${port}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      new RegExp(
        `^✗ Cannot listen on port ${port} of localhost: the port is in use\\n {2}hint: Take one that is free: --port \\d+\\n$`,
      ),
    );
  });

  clusterTest("a core install has no server", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("fwd-core");
    const args = ["/usr/local/bin/argocd-application-controller"];
    const at = `${namespace}/argocd-application-controller`;
    await cluster.apply(runner(at, [{ name: "controller", image: stock, args }], { kind: "StatefulSet" }));
    expect(await run(cluster, `-N ${namespace}`)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ Cannot reach Argo CD's server: the Argo CD in fwd-core is a core install, which has no server\n" +
        "  hint: Look at it with: argocd admin dashboard -n fwd-core\n",
    });
  });

  clusterTest("Argo CD may be somewhere else", async ({ cluster }) => {
    await cluster.createNamespace("fwd-elsewhere");
    await cluster.apply(serverDeployment("fwd-elsewhere"));
    const { exitCode, stderr } = await run(cluster, "-N default");
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(
      /^✗ Cannot reach Argo CD's server: no Argo CD runs in default; one runs in .*fwd-elsewhere.*\n {2}hint: Add --argocd-namespace \S+\n$/,
    );
  });

  clusterTest("a Service that is not there", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("fwd-no-service");
    expect(await run(cluster, `-N ${namespace} --service mine`)).toEqual({
      exitCode: 5,
      stdout: "",
      stderr:
        "✗ Cannot connect to port 443 of Service mine in fwd-no-service: there is no such Service\n" +
        "  hint: See which there are: kubectl get services -n fwd-no-service\n",
    });
  });

  clusterTest("with few rights it is taken to be as usual, and said", async ({ cluster }) => {
    const { namespace } = await installServer(cluster, "fwd-rights", echo);
    const rule = (resources: string[], verbs: string[]) => ({ apiGroups: [""], resources, verbs });
    await cluster.grant("alice", rule(["services"], ["get"]), namespace);
    await cluster.grant("alice", rule(["pods"], ["list"]), namespace);
    await cluster.grant("alice", rule(["pods/portforward"], ["get", "create"]), namespace);
    const kubeconfig = cluster.kubeconfig({ user: "alice" });
    const { port, said } = await startForward(cluster, `-N ${namespace} --port 0`, { kubeconfig });
    expect(await ask(port, "hello")).toBe("hello");
    expect(said().match(/^⚠ .*$/gm)).toEqual([
      expect.stringMatching(
        /^⚠ What the server speaks is not known for sure: flamingo cannot list Deployments in /,
      ),
      expect.stringMatching(
        /^⚠ What the server speaks is not known for sure: flamingo cannot list Services in /,
      ),
    ]);
  });
});
