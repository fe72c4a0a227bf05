import { expect, test } from "vitest";
import { componentsOf } from "../../src/argo/installed/components.js";
import { roleOf } from "../../src/argo/installed/role.js";
import type { Container } from "../../src/kube/kinds.js";
import { runner } from "../builders/kube.js";

test.each<[Container, string | undefined]>([
  // as the manifests of 2.2 to 3.5 have it
  [{ command: ["argocd-server"] }, "server"],
  [{ args: ["/usr/local/bin/argocd-server"] }, "server"],
  [{ command: ["entrypoint.sh", "argocd-repo-server", "--redis", "argocd-redis:6379"] }, "repo-server"],
  [{ command: ["sh", "-c", "entrypoint.sh argocd-repo-server --redis argocd-redis:6379"] }, "repo-server"],
  [{ command: ["entrypoint.sh", "applicationset-controller"] }, "applicationset-controller"],
  [{ args: ["/usr/local/bin/argocd-notifications"] }, "notifications-controller"],
  [{ command: ["/shared/argocd-dex", "rundex"] }, "dex-server"],
  [{ args: ["/usr/local/bin/argocd-commit-server"] }, "commit-server"],
  // the operator, and what people make of it
  [{ command: ["uid_entrypoint.sh", "argocd-repo-server", "--loglevel", "info"] }, "repo-server"],
  [{ command: ["tini", "-s", "--", "argocd-server", "--insecure"] }, "server"],
  [{ command: ["/vault/vault-env", "entrypoint.sh", "argocd-repo-server"] }, "repo-server"],
  [{ command: ["env", "HOME=/tmp", "argocd-application-controller"] }, "application-controller"],
  [
    { command: ["/bin/bash"], args: ["-ec", "update-ca-trust\nexec 'argocd-repo-server' --port 8081"] },
    "repo-server",
  ],
  [{ command: ["sh", "-c"], args: ["cp a b && A=1 exec entrypoint.sh argocd-server"] }, "server"],
  [{ command: ["sh", "/entrypoint.sh", "argocd-server"] }, "server"],
  [
    { command: ["/usr/local/bin/argocd"], env: [{ name: "ARGOCD_BINARY_NAME", value: "argocd-server" }] },
    "server",
  ],
  // by name, when the command line does not tell
  [{ name: "argocd-server", command: ["dlv", "exec", "/argocd"] }, "server"],
  [{ name: "argocd-redis" }, "redis"],
  // what only speaks of a component
  [{ command: ["argocd", "admin", "redis-initial-password"] }, undefined],
  [{ command: ["/bin/cp", "-n", "/usr/local/bin/argocd", "/shared/argocd-dex"] }, undefined],
  [{ command: ["sh", "-c", "cp /usr/local/bin/argocd /x/argocd-server && sleep 1"] }, undefined],
  [{ args: ["--upstream", "http://argocd-server"] }, undefined],
  [{ args: ["--deployment", "argocd-server"] }, undefined],
  [{ command: ["kubectl", "rollout", "restart", "deployment", "argocd-server"] }, undefined],
  [{ command: ["sh", "-c", "# argocd-server\nnc -z argocd-server 80"] }, undefined],
  [{ command: ["/usr/local/bin/argocd-image-updater", "run"] }, undefined],
  [{ command: ["/var/run/argocd/argocd-cmp-server"] }, undefined],
  [{ name: "server", command: ["sh", "-c"] }, undefined],
  [{ name: "server", args: ["server", "--auth-mode=sso"] }, undefined],
  [{ command: ["constructor"] }, undefined],
  [{}, undefined],
])("roleOf(%j) is %s", (container, role) => expect(roleOf(container)).toBe(role));

const partOf = (component: string) => ({
  "app.kubernetes.io/part-of": "argocd",
  "app.kubernetes.io/component": component,
});
const image = "registry.example/x";

test.each([
  // the Helm chart's names, with a command line that nobody foresaw
  ["server", partOf("server"), ["server"], ["server/server"]],
  ["repo-server", partOf("repo-server"), ["plugin", "repo-server"], ["repo-server/repo-server"]],
  ["redis", partOf("redis"), ["redis", "metrics"], ["redis/redis"]],
  ["redis of an early chart", partOf("redis"), ["my-argocd-redis"], ["redis/my-argocd-redis"]],
  ["redis of several nodes", partOf("redis"), ["redis", "sentinel", "split-brain-fix"], ["redis/redis"]],
  ["its proxy", partOf("redis"), ["haproxy"], ["redis/haproxy"]],
  ["redis of the chart redis-ha", { app: "redis-ha", release: "argocd" }, ["redis"], ["redis/redis"]],
  ["dex", partOf("dex-server"), ["dex-server"], ["dex-server/dex-server"]],
  // what is labelled as a component without being one
  ["an extension", partOf("server"), ["argocd-metrics-server"], []],
  ["an image updater", partOf("image-updater"), ["image-updater"], []],
  ["another's redis", {}, ["redis"], []],
  ["Argo Workflows", { ...partOf("server"), "app.kubernetes.io/part-of": "argo-workflows" }, ["server"], []],
])("componentsOf(%s)", (_what, labels, containers, found) => {
  const object = runner(
    "argocd/x",
    containers.map((name) => ({ name, image })),
    { labels },
  );
  expect(componentsOf(object).map(({ role, container }) => `${role}/${container}`)).toEqual(found);
});

test("a component tells how many of it are wanted and ready", () => {
  const container = { name: "argocd-server", image };
  const one = { role: "server", kind: "Deployment", name: "a", container: "argocd-server", image };
  expect(componentsOf(runner("argocd/a", [container], { ready: 0 }))).toEqual([
    { ...one, wanted: 1, ready: 0 },
  ]);
  const three = runner("argocd/a", [container, { name: "sidecar", image }], { replicas: 3, ready: 2 });
  expect(componentsOf(three)).toEqual([{ ...one, wanted: 3, ready: 2 }]);
  expect(componentsOf(runner("argocd/a", [{ name: "argocd-server" }]))).toEqual([]);
});
