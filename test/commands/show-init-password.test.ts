import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect } from "vitest";
import { argoCrds, clusterTest, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { openCrd, type TestObject } from "../cluster/crds.js";
import { flamingo } from "../flamingo.js";
import { serverDeployment } from "./port-fwd/page.js";

const schema = JSON.parse(readFileSync("schemas/show-init-password.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);

const password = "n0t-for-l0gs";

const secret = (namespace: string, name: string, stringData: Record<string, string>): TestObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace, name },
  data: Object.fromEntries(
    Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
  ),
});

const initial = (namespace: string) => secret(namespace, "argocd-initial-admin-secret", { password });

/** The kubeconfig of somebody with these rights to the initial Secret, and no other. */
async function carolWith(cluster: TestCluster, namespace: string, verbs: string[]): Promise<string> {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const resourceNames = ["argocd-initial-admin-secret"];
  const metadata = { namespace, name: "little" };
  await cluster.applyAll<TestObject>([
    {
      ...{ apiVersion, kind: "Role", metadata },
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs, resourceNames }],
    },
    {
      ...{ apiVersion, kind: "RoleBinding", metadata },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "little" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "carol" }],
    },
  ]);
  return cluster.kubeconfig({ user: "carol" });
}

function show(
  cluster: TestCluster,
  namespace: string,
  flags = "",
  user?: "alice",
  name = "show-init-password",
) {
  const kubeconfig = cluster.kubeconfig(user ? { user } : {});
  return flamingo(`${name} -N ${namespace} ${flags}`.trim(), { kubeconfig });
}

const failed = (sentence: string, hint: string, exitCode = 5) => ({
  exitCode,
  stdout: "",
  stderr: `✗ Cannot show the initial password: ${sentence}\n  hint: ${hint}\n`,
});

describe("a password that is there", () => {
  clusterTest.for(["show-init-password", "show-init-pass", "show-init-pwd"])(
    "is alone on stdout: %s",
    async (name, { cluster }) => {
      const namespace = await cluster.createNamespace("password-plain");
      await cluster.apply(initial(namespace));
      const shown = { exitCode: 0, stdout: `${password}\n`, stderr: "" };
      expect(await show(cluster, namespace, "", undefined, name)).toEqual(shown);
      expect(await show(cluster, namespace, "--wait", undefined, name)).toEqual(shown);
    },
  );

  clusterTest("is never among the requests of --verbose", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-verbose");
    await cluster.apply(initial(namespace));
    const { stdout, stderr } = await show(cluster, namespace, "--verbose");
    expect(stdout).toBe(`${password}\n`);
    expect(stderr).toContain("/secrets/argocd-initial-admin-secret");
    expect(stderr).not.toContain(password);
    expect(stderr).not.toContain(Buffer.from(password).toString("base64"));
  });

  clusterTest("as data", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-json");
    await cluster.apply(initial(namespace));
    const { exitCode, stdout, stderr } = await show(cluster, namespace, "-o json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const data = JSON.parse(stdout);
    expect(validate(data) || validate.errors).toBe(true);
    expect(data.items).toEqual([
      { namespace, username: "admin", password, secret: "argocd-initial-admin-secret", key: "password" },
    ]);
    expect((await show(cluster, namespace, "-o yaml")).stdout).toContain(`password: ${password}\n`);
  });

  clusterTest("of an account that is switched off, with a warning", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-off");
    const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: "argocd-cm" } };
    await cluster.applyAll<TestObject>([
      initial(namespace),
      { ...settings, data: { "admin.enabled": "false" } },
    ]);
    expect(await show(cluster, namespace)).toEqual({
      exitCode: 0,
      stdout: `${password}\n`,
      stderr:
        "⚠ It lets nobody in: the account admin is switched off (admin.enabled in the ConfigMap argocd-cm)\n",
    });
  });

  clusterTest("is not shown to whom may not read it", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-forbidden");
    await cluster.apply(initial(namespace));
    const { exitCode, stdout, stderr } = await show(cluster, namespace, "", "alice");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /^✗ Cannot read Secret argocd-initial-admin-secret in password-forbidden: .* is forbidden: .*\n {2}hint: .*kubectl auth can-i get secrets -n password-forbidden\n$/,
    );
  });

  clusterTest("is enough to have the right to", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-little");
    await cluster.apply(initial(namespace));
    const kubeconfig = await carolWith(cluster, namespace, ["get"]);
    await expect
      .poll(() => flamingo(`show-init-password -N ${namespace}`, { kubeconfig }))
      .toEqual({ exitCode: 0, stdout: `${password}\n`, stderr: "" });
  });
});

describe("no password", () => {
  clusterTest("before Argo CD's server has made it", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-soon");
    await cluster.apply(serverDeployment(namespace));
    expect(await show(cluster, namespace)).toEqual(
      failed("Argo CD's server has not made it yet", "Add --wait"),
    );
  });

  clusterTest("where no Argo CD runs", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-none");
    const { exitCode, stderr } = await show(cluster, namespace);
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/^✗ Cannot show the initial password: no Argo CD runs in password-none/);
  });

  clusterTest("since somebody has changed it and deleted the Secret", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-changed");
    const hashed = secret(namespace, "argocd-secret", { "admin.password": "$2a$10$hash" });
    // as Argo CD's server writes it
    const path = `/api/v1/namespaces/${namespace}/secrets?fieldManager=argocd-server`;
    await cluster.request("POST", path, hashed);
    const { exitCode, stdout, stderr } = await show(cluster, namespace, "--wait");
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: "" });
    expect(stderr).toMatch(
      /^✗ Cannot show the initial password: its Secret argocd-initial-admin-secret was deleted, as is advised once the password was changed\n {2}hint: Use the password that was set since, or have a new one made: kubectl patch secret argocd-secret -n password-changed .*, then restart argocd-server\n$/,
    );
    expect(stderr).not.toContain("$2a$10$hash");
  });

  clusterTest("since the Helm chart set one", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-chart");
    const hashed = secret(namespace, "argocd-secret", { "admin.password": "$2a$10$hash" });
    await cluster.request("POST", `/api/v1/namespaces/${namespace}/secrets?fieldManager=helm`, hashed);
    expect(await show(cluster, namespace)).toEqual(
      failed(
        "the values of Argo CD's Helm chart set the password, so that its server made none",
        "Ask whoever wrote configs.secret.argocdServerAdminPassword: it is a hash, which cannot be turned back",
      ),
    );
  });
});

describe("--wait", () => {
  clusterTest("prints it as soon as it is there, also before Argo CD is", async ({ cluster }) => {
    const namespace = "password-wait";
    let heard = () => {};
    const waiting = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const run = flamingo(`show-init-password --wait -N ${namespace}`, {
      kubeconfig: cluster.kubeconfig(),
      onStderr: heard,
    });
    await waiting;
    await cluster.createNamespace(namespace);
    await cluster.apply(secret(namespace, "argocd-secret", { "server.secretkey": "x" }));
    await cluster.apply(initial(namespace));
    expect(await run).toEqual({
      exitCode: 0,
      stdout: `${password}\n`,
      stderr: "◎ Waiting for the Secret argocd-initial-admin-secret in password-wait\n",
    });
  });

  clusterTest.for<[namespace: string, verbs: string[]]>([
    ["password-wait-get", ["get"]],
    ["password-wait-watch", ["get", "watch"]],
    ["password-wait-list", ["get", "list", "watch"]],
  ])(
    "needs rights to that Secret only, and tells what is not known then: %s",
    async ([name, verbs], { cluster }) => {
      const namespace = await cluster.createNamespace(name);
      const kubeconfig = await carolWith(cluster, namespace, verbs);
      const line = `show-init-password -N ${namespace}`;
      const unread = (what: string) => `flamingo cannot read ${what} in ${namespace}: .* is forbidden: .*`;
      const none = `✗ Cannot show the initial password: there is no Secret argocd-initial-admin-secret in ${namespace}, and why is not known`;
      const hint = "hint: Add --wait, or ask whoever installed Argo CD for the password";
      await expect
        .poll(() => flamingo(line, { kubeconfig }))
        .toEqual({
          exitCode: 5,
          stdout: "",
          stderr: expect.stringMatching(`^${none}: ${unread("Secret argocd-secret")}\n  ${hint}\n$`),
        });
      const { stderr, ...shown } = await flamingo(`${line} --wait`, {
        kubeconfig,
        onStderr: (text) => void (text.startsWith("◎") && cluster.apply(initial(namespace))),
      });
      expect(shown).toEqual({ exitCode: 0, stdout: `${password}\n` });
      const warning = "⚠ Whether there will be one is not known";
      expect(stderr.split("\n")).toEqual([
        expect.stringMatching(`^${warning}: ${unread("Secret argocd-secret")}$`),
        expect.stringMatching(`^${warning}: ${unread("ConfigMap argocd-cm")}$`),
        `◎ Waiting for the Secret argocd-initial-admin-secret in ${namespace}`,
        "",
      ]);
    },
  );

  clusterTest("ends when somebody sets another one", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-wait-set");
    const hashed = secret(namespace, "argocd-secret", { "admin.password": "$2a$10$hash" });
    const run = flamingo(`show-init-password --wait -N ${namespace}`, {
      kubeconfig: cluster.kubeconfig(),
      onStderr: (text) => void (text.startsWith("◎") && cluster.apply(hashed)),
    });
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(5);
    expect(stderr).toContain("✗ Cannot show the initial password: test set the password (admin.password of");
  });

  clusterTest("ends with --timeout", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("password-wait-long");
    const { exitCode, stdout, stderr } = await show(cluster, namespace, "--wait --timeout 500ms");
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toBe(
      "◎ Waiting for the Secret argocd-initial-admin-secret in password-wait-long\n" +
        "✗ Cannot show the initial password: there is no Secret argocd-initial-admin-secret in password-wait-long by now, the time of --timeout is over\n" +
        "  hint: See what keeps Argo CD's server: kubectl get pods -n password-wait-long\n",
    );
  });
});

describe("with Argo CD's operator", () => {
  const argoCd = openCrd({
    group: "argoproj.io",
    kind: "ArgoCD",
    plural: "argocds",
    versions: ["v1beta1"],
    statusSubresource: true,
  });
  const operatorTest = ownClusterTest((cluster) => cluster.installCrds([...argoCrds(), argoCd]));
  operatorTest("it is the operator's", async ({ cluster }) => {
    const namespace = await cluster.createNamespace("gitops");
    const metadata = { namespace, name: "openshift-gitops" };
    await cluster.apply({ apiVersion: "argoproj.io/v1beta1", kind: "ArgoCD", metadata } as TestObject);
    expect(await show(cluster, namespace)).toMatchObject({ exitCode: 5 });
    const run = show(cluster, namespace, "--wait -o json");
    await cluster.apply(secret(namespace, "openshift-gitops-cluster", { "admin.password": password }));
    const { items } = JSON.parse((await run).stdout);
    expect(items).toMatchObject([{ password, secret: "openshift-gitops-cluster", key: "admin.password" }]);
  });
});
