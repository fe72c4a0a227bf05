import type { TestCluster } from "../../cluster/test-cluster.js";
import { fieldOf, type Whereabouts } from "./fields.js";
import type { Container, Pod, ValueSource } from "./pod.js";
import { NotThereYet, readTexts } from "./texts.js";

/**
 * The environment of a container, but for what its image brings: `envFrom`, then `env`, where later ones may name earlier ones.
 * Without variables for Services, of which nothing here is told by them.
 *
 * @throws NotThereYet when a ConfigMap, a Secret or a key of it is not there
 */
export async function environmentOf(
  { env = [], envFrom = [] }: Container,
  pod: Pod,
  where: Whereabouts,
  cluster: TestCluster,
): Promise<Record<string, string>> {
  const { namespace } = pod.metadata;
  const api = new URL(cluster.server);
  const variables: Record<string, string> = {
    KUBERNETES_SERVICE_HOST: api.hostname,
    KUBERNETES_SERVICE_PORT: api.port,
  };
  for (const { prefix = "", configMapRef, secretRef } of envFrom) {
    const kind = configMapRef ? "ConfigMap" : "Secret";
    const texts = (await readTexts(cluster, kind, namespace, configMapRef ?? secretRef ?? {})) ?? {};
    for (const [key, text] of Object.entries(texts)) variables[`${prefix}${key}`] = text.toString();
  }
  for (const { name, value, valueFrom } of env) {
    const text = valueFrom ? await textFrom(valueFrom) : expand(value ?? "", variables);
    if (text !== undefined) variables[name] = text;
  }
  return variables;

  async function textFrom(source: ValueSource): Promise<string | undefined> {
    const { fieldRef, configMapKeyRef, secretKeyRef } = source;
    if (fieldRef) return fieldOf(pod, fieldRef.fieldPath, where);
    const ref = configMapKeyRef ?? secretKeyRef;
    if (!ref) throw new Error(`The stand-in for the kubelet does not know ${JSON.stringify(source)}`);
    const kind = configMapKeyRef ? "ConfigMap" : "Secret";
    const text = (await readTexts(cluster, kind, namespace, ref))?.[ref.key];
    if (text === undefined && !ref.optional)
      throw new NotThereYet(`couldn't find key ${ref.key} in ${kind} ${namespace}/${ref.name}`);
    return text?.toString();
  }
}

/** `$(NAME)` of what is known, and `$$` for a dollar sign. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/g, (match, name: string | undefined) =>
    name === undefined ? "$" : (variables[name] ?? match),
  );
}
