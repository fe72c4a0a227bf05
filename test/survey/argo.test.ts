import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, onTestFinished } from "vitest";
import { describeArgo } from "../../src/argo/installed/describe.js";
import type { InstalledArgo } from "../../src/argo/installed/evidence.js";
import type { Kube } from "../../src/kube/kube.js";
import { type PodRunners, readPodRunners } from "../../src/kube/pod-runner.js";
import { isArgoComponent, readInstalledArgos } from "../../src/survey/argo.js";
import { askVersion } from "../../src/survey/argo-version.js";
import { issueCertificate } from "../cluster/certificates.js";
import { argoCrds, ownClusterTest, type TestCluster } from "../cluster/cluster.js";
import { openCrd, type TestObject } from "../cluster/crds.js";
import { startProxy } from "../cluster/proxy.js";
import { isSharedMissing } from "../cluster/shared.js";
import { matrix } from "../support-matrix/data.js";
import { argoRunners, argoTags, asHelmRelease } from "./argo-objects.js";
import { kubeOf } from "./kube-of.js";

const hex = "ab".repeat(32);
const digest = `quay.io/argoproj/argocd@sha256:${hex}`;
const test = ownClusterTest((cluster) => cluster.installCrds(argoCrds()));

async function load(cluster: TestCluster, namespace: string, objects: TestObject[]): Promise<void> {
  await cluster.createNamespace(namespace);
  await cluster.applyAll(objects, { namespace });
}

async function survey(kube: Kube, namespaces: string[] = []): Promise<InstalledArgo[]> {
  return readInstalledArgos(kube, await readPodRunners(kube, namespaces, isArgoComponent));
}

/** What is found in one namespace. */
async function found(cluster: TestCluster, namespace: string): Promise<InstalledArgo> {
  const installs = await readInstalledArgos(kubeOf(cluster), await listed(cluster, namespace));
  expect(installs).toHaveLength(1);
  return installs[0] as InstalledArgo;
}

async function listed(cluster: TestCluster, namespace: string): Promise<PodRunners> {
  const kube = kubeOf(cluster);
  const inNamespace = ({ metadata }: { metadata: { namespace?: string } }) =>
    metadata.namespace === namespace;
  return readPodRunners(kube, [], (runner) => inNamespace(runner) && isArgoComponent(runner));
}

describe.skipIf(isSharedMissing("argo-cd"))("releases", () => {
  const cases = argoTags.flatMap((tag) => {
    const fl = matrix.candidates.findLast(({ argocd }) => argocd === tag);
    const repository = fl?.repository ?? matrix.imageRepository;
    return [
      { tag, flavour: "stock", image: `quay.io/argoproj/argocd:${tag}` },
      ...(fl ? [{ tag, flavour: "fl", image: `${repository}:${fl.image}` }] : []),
    ].map((one) => ({ ...one, namespace: `${one.flavour}-${tag.replaceAll(".", "-")}` }));
  });

  test("each as stock and as FSA image, side by side", async ({ cluster }) => {
    expect(cases.length).toBeGreaterThanOrEqual(2 * 27 - 1);
    await Promise.all(cases.map(({ namespace }) => cluster.createNamespace(namespace)));
    const objects = cases.flatMap(({ tag, image, namespace }) =>
      argoRunners(tag, { image }).map((runner) => ({
        ...runner,
        metadata: { ...runner.metadata, namespace },
      })),
    );
    await cluster.applyAll(objects);
    const proxy = await startProxy(cluster);
    onTestFinished(() => proxy.stop());
    const installs = await survey(kubeOf(cluster, { server: proxy.server }));
    const told = installs.map(({ namespace, image, version, versionFrom, layout, unknown, components }) => ({
      namespace,
      flavour: image.flavour,
      image: image.image,
      said: [version, versionFrom, layout, ...unknown],
      names: components.map(({ name }) => name).sort(),
    }));
    const expected = cases.map(({ tag, flavour, image, namespace }) => ({
      namespace,
      flavour,
      image,
      said: [/v(\d+\.\d+\.\d+)/.exec(tag)?.[1], "image", "standard"],
      names: objects
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(({ metadata }) => metadata.name)
        .sort(),
    }));
    expect(told).toEqual(expected.sort((a, b) => (a.namespace < b.namespace ? -1 : 1)));
    expect(
      installs.flatMap(({ disagreements }) => disagreements).filter((one) => !/ is in .* too: /.test(one)),
    ).toEqual([]);
    // two listings and discovery, however many there are
    expect(proxy.requests.map(({ path }) => path).sort()).toEqual([
      "/apis",
      "/apis/apps/v1/deployments",
      "/apis/apps/v1/statefulsets",
    ]);
  });
});

/** A Deployment and its like with one container; the manifests' labels, unless told otherwise. */
function argo(
  role: string,
  image: string,
  more: { metadata?: object; labels?: object; args?: string[] } = {},
): TestObject {
  const name = `argocd-${role}`;
  const labels = { "app.kubernetes.io/name": name };
  const kind = role === "application-controller" ? "StatefulSet" : "Deployment";
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: {
      name,
      ...more.metadata,
      labels: {
        ...labels,
        "app.kubernetes.io/part-of": "argocd",
        "app.kubernetes.io/component": role,
        ...more.labels,
      },
    },
    spec: {
      ...(kind === "StatefulSet" ? { serviceName: name } : {}),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name, image, args: [`/usr/local/bin/${name}`, ...(more.args ?? [])], env: [rootPath] },
          ],
        },
      },
    },
  };
}

/** As the manifests tell it. */
const rootPath = {
  name: "ARGOCD_SERVER_ROOTPATH",
  valueFrom: { configMapKeyRef: { name: "argocd-cmd-params-cm", key: "server.rootpath", optional: true } },
};

const three = (image: string, more?: Parameters<typeof argo>[2]) =>
  ["application-controller", "server", "repo-server"].map((role) => argo(role, image, more));

describe.skipIf(isSharedMissing("argo-cd"))("layouts of v3.5.1", () => {
  test.for([
    ["ha", "ha/install.yaml", ["argocd-redis-ha-haproxy", "argocd-redis-ha-server"]],
    ["core", "core-install.yaml", ["argocd-redis"]],
  ] as const)("%s", async ([layout, file, redis], { cluster }) => {
    await load(cluster, `layout-${layout}`, argoRunners("v3.5.1", { file }));
    const install = await found(cluster, `layout-${layout}`);
    expect(install).toMatchObject({ layout, version: "3.5.1", disagreements: [], unknown: [] });
    const redises = install.components.filter(({ role }) => role === "redis");
    expect(redises.map(({ name }) => name)).toEqual(redis);
  });

  test("renamed by a Helm release", async ({ cluster }) => {
    const runners = argoRunners("v3.5.1", { image: "mirror.example:5000/argo/argocd:v3.5.1" });
    await load(cluster, "renamed", asHelmRelease(runners, "team", "v3.5.1"));
    const install = await found(cluster, "renamed");
    expect(describeArgo(install)).toBe("stock Argo CD v3.5.1 in renamed (Helm release team)");
    expect(install).toMatchObject({ layout: "standard", disagreements: [], unknown: [] });
    expect(install.components.map(({ role, name, container }) => [role, name, container])).toEqual([
      ["application-controller", "team-argocd-application-controller", "application-controller"],
      ["server", "team-argocd-server", "server"],
      ["repo-server", "team-argocd-repo-server", "repo-server"],
      ["applicationset-controller", "team-argocd-applicationset-controller", "applicationset-controller"],
      ["notifications-controller", "team-argocd-notifications-controller", "notifications-controller"],
      ["dex-server", "team-argocd-dex-server", "dex"],
      ["redis", "team-argocd-redis", "redis"],
    ]);
  });

  test("readiness, as its status says", async ({ cluster }) => {
    const server: TestObject = { ...argo("server", digest), status: { replicas: 3, readyReplicas: 2 } };
    await load(cluster, "ready", [{ ...server, spec: { ...(server["spec"] as object), replicas: 3 } }]);
    expect((await found(cluster, "ready")).components[0]).toMatchObject({ wanted: 3, ready: 2 });
  });
});

describe("who keeps it", () => {
  const operatorTest = ownClusterTest((cluster) =>
    cluster.installCrds([
      ...argoCrds(),
      openCrd({
        group: "argoproj.io",
        kind: "ArgoCD",
        plural: "argocds",
        versions: ["v1beta1", "v1alpha1"],
        statusSubresource: true,
      }),
    ]),
  );

  operatorTest("the operator, which takes images by digest", async ({ cluster }) => {
    const apiVersion = "argoproj.io/v1beta1";
    await cluster.createNamespace("openshift-gitops");
    const { metadata } = await cluster.apply<TestObject>({
      apiVersion,
      kind: "ArgoCD",
      metadata: { name: "openshift-gitops", namespace: "openshift-gitops" },
    });
    const image = `registry.redhat.io/openshift-gitops-1/argocd-rhel8@sha256:${hex}`;
    const owner = {
      apiVersion,
      kind: "ArgoCD",
      name: "openshift-gitops",
      uid: metadata.uid ?? "",
      controller: true,
    };
    await load(cluster, "openshift-gitops", three(image, { metadata: { ownerReferences: [owner] } }));
    await load(cluster, "not-yet", [
      { apiVersion: "argoproj.io/v1alpha1", kind: "ArgoCD", metadata: { name: "argocd" } },
    ]);
    expect((await survey(kubeOf(cluster))).map(describeArgo)).toEqual([
      "an Argo CD of unknown version in not-yet (ArgoCD argocd in not-yet): nothing of it runs",
      `an Argo CD of unknown version in openshift-gitops (ArgoCD openshift-gitops in openshift-gitops): its image ${image} has no tag`,
    ]);
    // nothing but the objects may be listed
    for (const resource of ["deployments", "statefulsets"])
      await cluster.grant("alice", { apiGroups: ["apps"], resources: [resource], verbs: ["list"] });
    await load(cluster, "plain", three("x/argocd:v2.10.2"));
    const seen = await survey(kubeOf(cluster, { user: "alice" }));
    expect(
      seen.map(({ namespace, owner: keeper, unknown }) => [namespace, keeper?.by, unknown.at(-1)]),
    ).toEqual([
      [
        "openshift-gitops",
        "operator",
        expect.stringMatching(
          /^cannot ask the server of Argo CD in openshift-gitops .* cannot get resource "services\/proxy"/,
        ),
      ],
      [
        "plain",
        undefined,
        expect.stringMatching(
          /^who keeps it is not known for sure: cannot list ArgoCDs: .* User "alice" cannot list/,
        ),
      ],
    ]);
  });

  test.for([
    [
      "flux-helm",
      { "helm.toolkit.fluxcd.io/name": "argocd", "helm.toolkit.fluxcd.io/namespace": "ops" },
      "HelmRelease argocd in ops",
    ],
    [
      "flux-ks",
      { "kustomize.toolkit.fluxcd.io/name": "infra", "kustomize.toolkit.fluxcd.io/namespace": "ops" },
      "Kustomization infra in ops",
    ],
  ] as const)("Flux, in %s", async ([namespace, labels, object], { cluster }) => {
    await load(cluster, namespace, three("x/argocd:v2.10.2", { labels }));
    expect((await found(cluster, namespace)).owner).toEqual({ by: "Flux", object });
  });

  test("itself: by annotation, by an Application that says so, and perhaps", async ({ cluster }) => {
    const image = "x/argocd:v2.10.2";
    const annotated = three(image).map((object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: {
          "argocd.argoproj.io/tracking-id": `argocd:apps/${object.kind}:self-annotated/${object.metadata.name}`,
        },
      },
    }));
    await load(cluster, "self-annotated", annotated);
    const labels = { "app.kubernetes.io/instance": "argocd" };
    await load(cluster, "self-labelled", three(image, { labels }));
    await load(cluster, "self-perhaps", three(image, { labels }));
    await load(cluster, "self-labelled", [
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: { name: "argocd" },
        status: {
          resources: [
            { group: "apps", kind: "Deployment", name: "argocd-server", namespace: "self-labelled" },
          ],
        },
      },
    ]);
    const owner = { by: "Argo CD", object: "Application argocd" };
    expect((await found(cluster, "self-annotated")).owner).toEqual(owner);
    expect((await found(cluster, "self-labelled")).owner).toEqual(owner);
    const perhaps = await found(cluster, "self-perhaps");
    expect(perhaps.owner).toBeUndefined();
    expect(perhaps.unknown).toEqual([
      "who keeps it is not known: its label app.kubernetes.io/instance: argocd may be that of an Application, and no Helm release made it",
    ]);
  });
});

describe("rights", () => {
  const rightsTest = ownClusterTest(async (cluster) => {
    await load(cluster, "argocd", three("x/argocd:v2.10.2"));
    await load(cluster, "team-a", three(`x/argocd:v2.9.3`));
  });

  rightsTest("to list nothing, one namespace, one kind", async ({ cluster }) => {
    const kube = kubeOf(cluster, { user: "alice" });
    const listed = await readPodRunners(kube, ["argocd"], isArgoComponent);
    expect(await readInstalledArgos(kube, listed)).toEqual([]);
    expect(listed.unknown).toEqual([
      expect.stringMatching(
        /^cannot list Deployments: deployments\.apps is forbidden: User "alice" .*; nor StatefulSets; nor those in argocd$/,
      ),
    ]);
    const apps = { apiGroups: ["apps"], verbs: ["list"] };
    await cluster.grant("alice", { ...apps, resources: ["deployments", "statefulsets"] }, "argocd");
    expect(await survey(kube, ["argocd"])).toMatchObject([
      { namespace: "argocd", image: { flavour: "stock" }, layout: "standard", unknown: [] },
    ]);
    await cluster.grant("bob", { ...apps, resources: ["deployments"] });
    const [bobs] = await survey(kubeOf(cluster, { user: "bob" }), ["argocd"]);
    const because = expect.stringMatching(
      /^its application-controller was not seen: cannot list StatefulSets: .* cannot list resource "statefulsets"/,
    );
    expect(bobs).toMatchObject({
      image: { flavour: "unknown", because },
      version: "2.10.2",
      versionFrom: "image",
      layout: "partial",
      unknown: [because],
      disagreements: ["the cluster does not serve Applications: their CRD is missing"],
    });
  });
});

describe("the server's own word", () => {
  const asked = (namespace: string) => `cannot ask the server of Argo CD in ${namespace} for its version: `;

  test("without a Service, and with one that leads to no pod", async ({ cluster }) => {
    await load(cluster, "no-service", three(digest));
    const noTag = `its image ${digest} has no tag`;
    expect((await found(cluster, "no-service")).unknown).toEqual([
      noTag,
      `${asked("no-service")}no Service leads to it`,
    ]);
    await load(cluster, "no-endpoints", [
      ...three(digest),
      service("argocd-server"),
      endpoints("argocd-server", []),
    ]);
    expect((await found(cluster, "no-endpoints")).unknown).toEqual([
      noTag,
      `${asked("no-endpoints")}${cluster.server} answered 503: no endpoints available for service "argocd-server"`,
    ]);
  });

  // the API server leads to no pod at a loopback address
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && isIPv4(one.address))?.address;
  const version = JSON.stringify({ Version: "v2.10.2+9b93c5c" });
  type Answer = { path?: string; body?: string; status?: number; tls?: boolean; silent?: boolean };
  const unknown = (why: string | RegExp) => ({
    unknown: typeof why === "string" ? why : expect.stringMatching(why),
  });

  test.skipIf(!address).for<[string, Answer, Parameters<typeof serviceAt>[3], object]>([
    ["https", {}, {}, { version: "2.10.2" }],
    ["http", { tls: false }, {}, { version: "2.10.2" }],
    ["renamed", {}, { name: "gitops", ports: { web: 8443, https: 9443 } }, { version: "2.10.2" }],
    ["other-port", {}, { ports: { https: 8443 } }, { version: "2.10.2" }],
    ["root-path", { path: "/argo/cd/api/version" }, { rootPath: "/argo/cd/" }, { version: "2.10.2" }],
    ["flag", { path: "/argo/api/version" }, { args: ["--rootpath", "/argo"] }, { version: "2.10.2" }],
    [
      "odd-path",
      { path: "/x?y=/api/version" },
      { rootPath: "/x?y=" },
      unknown(`${asked("word-odd-path")}no Service leads to it`),
    ],
    ["page", { body: "<html><title>Sign in</title>" }, {}, unknown(/ answered with a web page "Sign in"$/)],
    ["no-version", { body: "{}" }, {}, unknown(`${asked("word-no-version")}it answers no version`)],
    [
      "unbuilt",
      { body: '{"Version":"v99.99.99+unknown"}' },
      {},
      unknown(`${asked("word-unbuilt")}it answers "v99.99.99+unknown", which is none`),
    ],
    ["broken", { status: 500, body: "oh" }, {}, unknown(/^cannot ask .* answered 500: oh$/)],
    ["silent", { silent: true }, {}, unknown(`${asked("word-silent")}no answer within 0.3s`)],
  ])("%s", async ([name, answer, settings, expected], { cluster }) => {
    const namespace = `word-${name}`;
    const port = await listen(cluster, answer);
    const server = argo("server", digest, settings.args ? { args: settings.args } : {});
    await load(cluster, namespace, [server, ...serviceAt(namespace, address ?? "", port, settings)]);
    const runner = (await listed(cluster, namespace)).runners[0];
    if (!runner) throw new Error("no server");
    expect(await askVersion(kubeOf(cluster), runner, 300)).toEqual(expected);
  });

  test.skipIf(!address)("is what a digest does not tell, but not the flavour", async ({ cluster }) => {
    const port = await listen(cluster, {});
    await load(cluster, "word", [...three(digest), ...serviceAt("word", address ?? "", port, {})]);
    expect(describeArgo(await found(cluster, "word"))).toBe(
      `Argo CD v2.10.2 by its own word in word, whether stock or FSA is not known: its image ${digest} has no tag`,
    );
  });

  async function listen(
    { connection }: TestCluster,
    { path = "/api/version", body = version, status = 200, tls = true, silent = false }: Answer,
  ): Promise<number> {
    const certificate = issueCertificate(connection.authority, {
      commonName: "argocd-server",
      hosts: ["localhost"],
    });
    const onRequest = ({ url }: IncomingMessage, response: ServerResponse) => {
      if (silent) return;
      if (url !== path) return void response.writeHead(404).end("404 page not found\n");
      response
        .writeHead(status, { "content-type": body.startsWith("<") ? "text/html" : "application/json" })
        .end(body);
    };
    const server = tls ? createTlsServer(certificate, onRequest) : createServer(onRequest);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return (server.address() as AddressInfo).port;
  }
});

function service(name: string, ports: Record<string, number> = { http: 80, https: 443 }): TestObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: {
      // one of the range that the API server has would be used up by so many
      clusterIP: "None",
      selector: { "app.kubernetes.io/name": "argocd-server" },
      ports: Object.entries(ports).map(([portName, port]) => ({ name: portName, port, targetPort: 8080 })),
    },
  };
}

/** Which addresses a Service leads to. The test cluster has no controller that makes it. */
function endpoints(service: string, all: object[], ports: object[] = []): TestObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: service, labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    endpoints: all,
    ports,
  };
}

/** A Service that leads to this address, as controllers would make it, beside one for metrics that leads to the same pods. */
function serviceAt(
  namespace: string,
  address: string,
  port: number,
  {
    name = "argocd-server",
    ports = { http: 80, https: 443 },
    rootPath,
  }: {
    name?: string;
    ports?: Record<string, number>;
    rootPath?: string;
    args?: string[];
  },
): TestObject[] {
  return [
    service("argocd-server-metrics", { metrics: 8083 }),
    service(name, ports),
    // the API server leads to addresses of Pods only
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "server" },
      spec: { containers: [{ name: "argocd-server", image: digest }] },
      status: { podIP: address, podIPs: [{ ip: address }] },
    },
    endpoints(
      name,
      [
        {
          addresses: [address],
          conditions: { ready: true },
          targetRef: { kind: "Pod", name: "server", namespace },
        },
      ],
      Object.keys(ports).map((portName) => ({ name: portName, port, protocol: "TCP" })),
    ),
    ...(rootPath === undefined
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "argocd-cmd-params-cm" },
            data: { "server.rootpath": rootPath },
          },
        ]),
  ];
}
