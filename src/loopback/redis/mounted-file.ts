import type { KeyRef, TextSource } from "../../kube/container/env.js";
import type { Container, KeyPath, Volume } from "../../kube/kinds.js";

/**
 * What a file in a container is made of: a key of a Secret or ConfigMap that is mounted there. `{ file }` where something
 * else is mounted, or it comes with the image; undefined where the mounted objects make no such file.
 *
 * @example mountedFile("/tls/ca.crt", container, volumes) // { kind: "Secret", name: "redis-tls", key: "ca.crt" }
 */
export function mountedFile(
  path: string,
  { volumeMounts = [] }: Container,
  volumes: readonly Volume[],
): TextSource | undefined {
  const [mount] = volumeMounts
    .filter(({ mountPath }) => `${path}/`.startsWith(`${withoutSlash(mountPath)}/`))
    // the innermost hides what is mounted around it
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  const volume = volumes.find(({ name }) => name === mount?.name);
  if (!mount || !volume) return { file: path };
  const inside = `${mount.subPath ?? ""}${path.slice(withoutSlash(mount.mountPath).length)}`;
  const objects = objectsIn(volume);
  if (objects.length === 0) return { file: path };
  const listed = objects.flatMap((object) => keyAt(object, inside.replace(/^\/+/, "")));
  // of several objects in one folder only the API server knows which has the key
  return listed.length > 1 ? { file: path } : listed[0];
}

interface MountedObject extends Omit<KeyRef, "key"> {
  items: readonly KeyPath[] | undefined;
}

function objectsIn({ secret, configMap, projected }: Volume): MountedObject[] {
  const own = { ...(secret ? { secret: { ...secret, name: secret.secretName } } : {}), configMap };
  return [own, ...(projected?.sources ?? [])].flatMap((source) => [
    ...(source.secret ? [mounted("Secret", source.secret)] : []),
    ...(source.configMap ? [mounted("ConfigMap", source.configMap)] : []),
  ]);
}

function mounted(
  kind: KeyRef["kind"],
  { name = "", items }: { name?: string | undefined; items?: KeyPath[] | undefined },
): MountedObject {
  return { kind, name, items };
}

function keyAt({ kind, name, items }: MountedObject, path: string): KeyRef[] {
  if (!items) return [{ kind, name, key: path }];
  return items.filter((item) => item.path === path).map(({ key }) => ({ kind, name, key }));
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
