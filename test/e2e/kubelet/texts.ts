import type { TestObject } from "../../cluster/crds.js";
import type { TestCluster } from "../../cluster/test-cluster.js";

/** What stands in a ConfigMap or a Secret, by key. */
export type Texts = Readonly<Record<string, Buffer>>;

/** A container cannot be made yet: the sentence that the kubelet would write into the status. */
export class NotThereYet extends Error {}

/**
 * @returns undefined when it is optional and not there
 * @throws NotThereYet when it must be there
 */
export async function readTexts(
  cluster: TestCluster,
  kind: "ConfigMap" | "Secret",
  namespace: string,
  { name = "", optional = false }: { name?: string; optional?: boolean },
): Promise<Texts | undefined> {
  const object = await cluster.find<TestObject & Kept>("v1", kind, name, namespace);
  if (object) return kind === "Secret" ? decoded(object.data) : plain(object);
  if (optional) return undefined;
  throw new NotThereYet(`${kind.toLowerCase()} "${name}" not found`);
}

interface Kept {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

function plain({ data = {}, binaryData }: Kept): Texts {
  const texts = Object.entries(data).map(([key, text]) => [key, Buffer.from(text)] as const);
  return { ...Object.fromEntries(texts), ...decoded(binaryData) };
}

function decoded(data: Record<string, string> = {}): Texts {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64")]));
}
