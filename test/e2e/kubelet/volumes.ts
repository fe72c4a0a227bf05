import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestObject } from "../../cluster/crds.js";
import type { TestCluster } from "../../cluster/test-cluster.js";
import { fieldOf, type Whereabouts } from "./fields.js";
import type { Pod, ProjectedSource, Volume } from "./pod.js";
import { readTexts, type Texts } from "./texts.js";

/**
 * Makes a folder of each volume of a Pod, called like it, with what the Pod says is in it, as it is now, and with a new token. When
 * it is done once more, the files of before are replaced as the kubelet does it: who reads one has the old or the new text.
 *
 * @throws NotThereYet when a ConfigMap, a Secret or a key of it is not there
 */
export async function writeVolumes(
  pod: Pod,
  folder: string,
  where: Whereabouts,
  cluster: TestCluster,
): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const place = join(folder, volume.name);
    await mkdir(place, { recursive: true });
    await chmod(place, volume.emptyDir ? 0o777 : 0o755);
    for (const [path, text] of Object.entries(await filesOf(volume))) {
      const file = join(place, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, text, { mode: 0o644 });
      await rename(`${file}.new`, file);
    }
  }

  async function filesOf({ configMap, secret, projected, emptyDir, ...volume }: Volume): Promise<Texts> {
    if (configMap) return fromKeys("ConfigMap", configMap);
    if (secret) return fromKeys("Secret", { ...secret, name: secret.secretName ?? "" });
    if (!projected && !emptyDir)
      throw new Error(`The stand-in for the kubelet cannot make ${JSON.stringify(volume)}`);
    const parts = await Promise.all((projected?.sources ?? []).map(fromSource));
    return Object.assign({}, ...parts) as Texts;
  }

  async function fromSource(source: ProjectedSource): Promise<Texts> {
    if (source.configMap) return fromKeys("ConfigMap", source.configMap);
    if (source.secret) return fromKeys("Secret", source.secret);
    if (source.serviceAccountToken) {
      const { path, ...wanted } = source.serviceAccountToken;
      return { [path]: await newToken(wanted) };
    }
    const items = (source.downwardAPI?.items ?? []).map(({ path, fieldRef }) => [
      path,
      Buffer.from(fieldOf(pod, fieldRef?.fieldPath ?? "", where)),
    ]);
    return Object.fromEntries(items) as Texts;
  }

  async function fromKeys(
    kind: "ConfigMap" | "Secret",
    ref: { name?: string; optional?: boolean; items?: { key: string; path: string }[] },
  ): Promise<Texts> {
    const texts = (await readTexts(cluster, kind, namespace, ref)) ?? {};
    const items = ref.items ?? Object.keys(texts).map((key) => ({ key, path: key }));
    return Object.fromEntries(items.flatMap(({ key, path }) => (texts[key] ? [[path, texts[key]]] : [])));
  }

  /** Bound to the Pod: it counts no longer when the Pod is gone. */
  async function newToken({ audience, expirationSeconds = 3600 }: NewToken): Promise<Buffer> {
    const account = pod.spec.serviceAccountName ?? "default";
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const { status, body } = await cluster.request("POST", path, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        expirationSeconds,
        ...(audience ? { audiences: [audience] } : {}),
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    });
    if (status !== 201) throw new Error(`No token for ServiceAccount ${namespace}/${account} (${status})`);
    return Buffer.from((body as TestObject & { status: { token: string } }).status.token);
  }
}

type NewToken = Omit<NonNullable<ProjectedSource["serviceAccountToken"]>, "path">;
