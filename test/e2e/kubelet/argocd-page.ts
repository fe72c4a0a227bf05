import type { TestObject } from "../../cluster/crds.js";
import { type Answer, createRequester } from "../../cluster/request.js";
import { argocdNamespace } from "../argocd-programs.js";
import type { PodRig } from "./pod-cluster-test.js";
import { run, start } from "./run.js";

/** Argo CD's server as people come to it: `port-fwd` to its page, and logged in with what `show-init-password` says. */
export interface ArgocdPage {
  /** "https://localhost:PORT" */
  url: string;
  get(path: string): Promise<Answer>;
  /** "NAME SYNC HEALTH" of every Application that it lists */
  applications(): Promise<string[]>;
  /** the kinds of what it draws below an Application */
  kindsIn(application: string): Promise<string[]>;
}

export async function openPage(rig: PodRig): Promise<ArgocdPage> {
  const { stdout: password, stderr } = await run(rig, "show-init-password --wait --timeout 1m");
  if (password === "") throw new Error(stderr);
  const url = await forward(rig);
  // its own certificate, which it keeps in its Secret
  const secret = await rig.cluster.get<TestObject & { data: Record<string, string> }>(
    "v1",
    "Secret",
    "argocd-secret",
    argocdNamespace,
  );
  const ca = Buffer.from(secret.data["tls.crt"] ?? "", "base64").toString();
  const login = { username: "admin", password: password.trimEnd() };
  const { status, body } = await createRequester(url, { ca })("POST", "/api/v1/session", { body: login });
  if (status !== 200) throw new Error(`No login: ${JSON.stringify(body)}`);
  const send = createRequester(url, { ca, token: (body as { token: string }).token });
  const get = (path: string) => send("GET", path);
  return {
    url,
    get,
    async applications() {
      const { items } = (await get("/api/v1/applications")).body as { items: Listed[] | null };
      return (items ?? [])
        .map(({ metadata, status }) => `${metadata.name} ${status?.sync?.status} ${status?.health?.status}`)
        .sort();
    },
    async kindsIn(application) {
      const { body: tree } = await get(`/api/v1/applications/${application}/resource-tree`);
      return (tree as { nodes: { kind: string }[] }).nodes.map(({ kind }) => kind).sort();
    },
  };
}

interface Listed {
  metadata: { name: string };
  status?: { sync?: { status: string }; health?: { status: string } };
}

/** `flamingo port-fwd`, until the test is over. Answers the URL. */
function forward(rig: PodRig): Promise<string> {
  const { child, ended } = start(rig, "port-fwd --port 0");
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (text: string) => resolve(text.trim()));
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
}
