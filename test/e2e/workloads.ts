import { onTestFinished } from "vitest";
import { git, hr, ks } from "../builders/flux.js";
import type { TestObject } from "../cluster/crds.js";
import type { Rig } from "./e2e.js";

/** What Flux' objects are put on: the rig, or a cluster of its own. */
export type FluxCluster = Pick<Rig, "cluster" | "createNamespace" | "repository" | "untilReady">;

/** A Deployment of so many pods. */
export function deployment(name: string, replicas: number | string = 1): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: ${name} }
  template:
    metadata:
      labels: { app: ${name} }
    spec:
      containers:
        - name: ${name}
          image: example.org/${name}:1
`;
}

export interface FluxWorkload {
  namespace: string;
  /** the last commit */
  commit: string;
  /** commits these files, "app/deployment.yaml" → text, and pushes */
  push(files: Record<string, string | null>): Promise<string>;
  kustomization: TestObject;
  /** its GitRepository */
  source: TestObject;
}

/**
 * The Kustomization `web` over the folder `app` of a repository, with its GitRepository `content`, both in a namespace called
 * `name`; Ready, unless its files are wrong.
 *
 * @param login "USER:PASSWORD", without which nobody reads the repository
 */
export async function flux(
  rig: FluxCluster,
  name: string,
  files: Record<string, string> = { "app/deployment.yaml": deployment("web") },
  spec: object = {},
  login?: string,
): Promise<FluxWorkload> {
  const { namespace, repository, commit, source } = await content(rig, name, files, login);
  const applied = await rig.cluster.apply(
    ks(`${namespace}/web`, {
      interval: "1h",
      path: "./app",
      targetNamespace: namespace,
      sourceRef: { kind: "GitRepository", name: "content" },
      ...spec,
    }),
  );
  const kustomization = await rig.untilReady(applied);
  return { namespace, commit, push: (more) => repository.commit(more), kustomization, source };
}

/**
 * The HelmRelease `web` of the chart `charts/web` in a repository, in a namespace called `name`; Ready.
 *
 * @param files more of the chart than a Deployment, "charts/web/templates/test.yaml" → text
 */
export async function release(
  rig: FluxCluster,
  name: string,
  spec: object = {},
  files: Record<string, string> = {},
): Promise<Omit<FluxWorkload, "kustomization">> {
  const { applied, ...rest } = await releaseOf(rig, name, spec, files);
  await rig.untilReady(applied);
  return rest;
}

/** The same, which need never be Ready. */
export async function installing(
  rig: Rig,
  name: string,
  spec: object,
  files: Record<string, string>,
): Promise<TestObject> {
  return (await releaseOf(rig, name, spec, files)).applied;
}

async function releaseOf(rig: FluxCluster, name: string, spec: object, files: Record<string, string>) {
  const { namespace, repository, commit, source } = await content(rig, name, {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.2.3\n",
    "charts/web/values.yaml": "replicas: 1\n",
    "charts/web/templates/deployment.yaml": deployment("web", "{{ .Values.replicas }}"),
    ...files,
  });
  const applied = await rig.cluster.apply(
    hr(`${namespace}/web`, {
      interval: "1h",
      chart: { spec: { chart: "./charts/web", sourceRef: { kind: "GitRepository", name: "content" } } },
      ...spec,
    }),
  );
  const push = (more: Record<string, string | null>) => repository.commit(more);
  return { namespace, commit, push, source, applied };
}

/** These files in a repository, and its GitRepository `content` in a namespace; repository and namespace are called `name`. */
async function content(rig: FluxCluster, name: string, files: Record<string, string>, login?: string) {
  const namespace = await rig.createNamespace(name);
  const repository = await rig.repository(name, login);
  const commit = await repository.commit(files);
  const secretRef = login === undefined ? {} : { secretRef: await credentials(rig, namespace, login) };
  const written = git(`${namespace}/content`, { interval: "1h", url: repository.url, ...secretRef });
  const source = await rig.cluster.apply(written);
  return { namespace, repository, commit, source };
}

async function credentials(rig: FluxCluster, namespace: string, login: string): Promise<{ name: string }> {
  const [username, password] = login.split(":");
  const metadata = { name: "credentials", namespace };
  await rig.cluster.apply<TestObject>({
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    stringData: { username, password },
  });
  // others look for whatever stands in Secrets
  onTestFinished(() => rig.cluster.delete("v1", "Secret", metadata.name, namespace));
  return { name: metadata.name };
}
