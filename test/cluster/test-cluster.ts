import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../src/kube/object.js";
import type { ClusterConnection } from "./connection.js";
import type { TestObject } from "./crds.js";
import { type KubeconfigOptions, writeKubeconfig } from "./kubeconfig.js";
import { type Answer, createRequester, type Requester } from "./request.js";
import { Resources, resourcePath } from "./resources.js";
import { waitUntilServed } from "./served.js";
import { readObjects } from "./yaml.js";

/** What somebody may do, as a SubjectAccessReview asks. */
export interface Attributes {
  verb: string;
  group?: string;
  resource: string;
  /** all when not given */
  namespace?: string | undefined;
}

/** As in RBAC. `apiGroups: [""]` is the core group. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/**
 * A real API server as a test prepares it and looks into it, as `admin`. What the server refuses is thrown.
 * No controllers run: a test writes `.status` itself, and a deleted namespace stays Terminating.
 */
export class TestCluster {
  readonly connection: ClusterConnection;
  /** "https://127.0.0.1:PORT" */
  readonly server: string;
  readonly #send: Requester;
  readonly #resources: Resources;

  constructor(connection: ClusterConnection) {
    this.connection = connection;
    this.server = connection.server;
    this.#send = createRequester(connection.server, {
      ca: connection.authority.cert,
      token: connection.tokens.admin,
    });
    this.#resources = new Resources(this.#send);
  }

  /** Path of a new kubeconfig file: for `admin` by token, or for whom the options say. */
  kubeconfig(options?: KubeconfigOptions): string {
    return writeKubeconfig(this.connection, options);
  }

  /** Any request and whatever is answered, also an error status. `body` is sent as JSON, a text as it is. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.#send(method, path, { body, headers });
  }

  /** Makes the namespace if it is not there. Answers its name. */
  async createNamespace(name: string, labels: Record<string, string> = {}): Promise<string> {
    await this.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    return name;
  }

  /**
   * Server-side apply by field manager "test", which takes over what others own; `.status` too, through the subresource
   * where the kind has one. Answers the object as the server then holds it.
   *
   * @param options.namespace for an object that names none
   */
  async apply<T extends KubeObject>(object: T, options: { namespace?: string } = {}): Promise<T> {
    const { status, ...rest } = object as TestObject;
    const { apiVersion, kind } = object;
    const { name, namespace = options.namespace } = object.metadata;
    const resource = await this.#resources.find(apiVersion, kind);
    const path = resourcePath(resource, namespace, name);
    if (status === undefined || !resource.hasStatus) return (await this.#patch(path, object)) as T;
    await this.#patch(path, rest);
    return (await this.#patch(`${path}/status`, { apiVersion, kind, metadata: { name }, status })) as T;
  }

  /**
   * Applies all objects of a YAML text or file (a path within `test/`, or an absolute one), each as {@link apply} does:
   * namespaces first, then CRDs until they are served, then the rest. Answers them in the order of the text.
   */
  async load(pathOrYaml: string, options: { namespace?: string } = {}): Promise<TestObject[]> {
    const objects = readObjects(pathOrYaml);
    await this.applyAll(objects.filter(({ kind }) => kind === "Namespace"));
    await this.installCrds(objects.filter(isCrd));
    return await this.applyAll(objects, options);
  }

  /** Many objects that do not need each other, some at a time. Answers them in the same order. */
  async applyAll<T extends KubeObject>(objects: T[], options: { namespace?: string } = {}): Promise<T[]> {
    const applied: T[] = [];
    const queue = objects.entries();
    const work = async () => {
      for (const [index, object] of queue) applied[index] = await this.apply(object, options);
    };
    await Promise.all(Array.from({ length: 16 }, work));
    return applied;
  }

  /** Applies the CRDs among these and waits until they are served, in discovery and in fact. */
  async installCrds(yamlOrObjects: string | TestObject[]): Promise<void> {
    const objects = typeof yamlOrObjects === "string" ? readObjects(yamlOrObjects) : yamlOrObjects;
    const crds = objects.filter(isCrd);
    await this.applyAll(crds);
    for (const { spec } of crds) this.#resources.forget((spec as { group: string }).group);
    if (crds.length > 0) await waitUntilServed(this.#send, crds);
  }

  /** @throws Error when there is none */
  async get<T extends KubeObject = TestObject>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<T> {
    const path = resourcePath(await this.#resources.find(apiVersion, kind), namespace, name);
    return (await this.#ask("GET", path)) as T;
  }

  /** Undefined when there is none. */
  async find<T extends KubeObject = TestObject>(
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<T | undefined> {
    const path = resourcePath(await this.#resources.find(apiVersion, kind), namespace, name);
    const { status, body } = await this.#send("GET", path);
    if (status === 404) return undefined;
    return accepted("GET", path, { status, body }) as T;
  }

  /** Of all namespaces when none is given; sorted by namespace and name, as the server does. */
  async list<T extends KubeObject = TestObject>(
    apiVersion: string,
    kind: string,
    namespace?: string,
  ): Promise<T[]> {
    const path = resourcePath(await this.#resources.find(apiVersion, kind), namespace);
    const { items } = (await this.#ask("GET", path)) as { items: T[] };
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Changes a part of an object (RFC 7386: null removes a field). Answers it as it then is. */
  async change<T extends KubeObject = TestObject>(
    { apiVersion, kind, metadata: { name, namespace } }: KubeObject,
    patch: object,
  ): Promise<T> {
    const path = resourcePath(await this.#resources.find(apiVersion, kind), namespace, name);
    const headers = { "content-type": "application/merge-patch+json" };
    return (await this.#ask("PATCH", path, patch, headers)) as T;
  }

  /** Deletes it, or marks it as deleted where finalizers hold it. */
  async delete(apiVersion: string, kind: string, name: string, namespace?: string): Promise<void> {
    const path = resourcePath(await this.#resources.find(apiVersion, kind), namespace, name);
    await this.#ask("DELETE", path);
  }

  /**
   * Gives a user rights, in one namespace or in all, and waits until the server knows.
   *
   * @param user one of `plainUsers`, or whom a client certificate names
   */
  async grant(user: string, rule: Rule, namespace?: string): Promise<void> {
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const role = namespace === undefined ? "ClusterRole" : "Role";
    const metadata = { name: `test-${randomUUID()}`, ...(namespace === undefined ? {} : { namespace }) };
    await this.applyAll<TestObject>([
      { apiVersion, kind: role, metadata, rules: [rule] },
      {
        apiVersion,
        kind: `${role}Binding`,
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: role, name: metadata.name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
      },
    ]);
    for (const group of rule.apiGroups)
      for (const resource of rule.resources)
        for (const verb of rule.verbs) await this.untilAllowed(user, { group, resource, verb, namespace });
  }

  /**
   * Waits until the server has heard of a change of rights.
   *
   * @param isAllowed false: a right was taken away
   */
  async untilAllowed(user: string, attributes: Attributes, isAllowed = true): Promise<void> {
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, resourceAttributes: attributes },
    };
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    for (;;) {
      const { status } = (await this.#ask("POST", path, review)) as { status: { allowed: boolean } };
      if (status.allowed === isAllowed) return;
      await sleep(10);
    }
  }

  async #patch(path: string, object: unknown): Promise<unknown> {
    const headers = { "content-type": "application/apply-patch+yaml" };
    return await this.#ask("PATCH", `${path}?fieldManager=test&force=true`, object, headers);
  }

  async #ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<unknown> {
    return accepted(method, path, await this.request(method, path, body, headers));
  }
}

function isCrd({ kind }: KubeObject): boolean {
  return kind === "CustomResourceDefinition";
}

function accepted(method: string, path: string, { status, body }: Answer): unknown {
  if (status >= 200 && status < 300) return body;
  const message = (body as { message?: string } | null)?.message ?? JSON.stringify(body);
  throw new Error(`The test cluster refused ${method} ${path} (${status}): ${message}`);
}
