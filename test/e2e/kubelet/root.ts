import { join } from "node:path";
import type { Image } from "./images.js";
import type { Container, Pod } from "./pod.js";

/** Something at a place below the root of a container. */
export interface Mount {
  /** mounted for reading, or for writing too; or a symbolic link with this text */
  as: "ro" | "rw" | "link";
  source: string;
  target: string;
}

/**
 * What is at which place in a container, outer folders first.
 *
 * @param volumes the folder of the Pod's volumes, each called like it
 * @param files more of this machine, by their path in the container
 */
export function mountsOf(
  { volumeMounts = [] }: Container,
  { spec }: Pod,
  image: Image,
  volumes: string,
  files: Readonly<Record<string, string>>,
): Mount[] {
  const empty = new Set(spec.volumes?.filter(({ emptyDir }) => emptyDir).map(({ name }) => name));
  return [
    ...Object.entries({ ...image.files, ...files }).map(
      ([target, source]): Mount => ({ as: "ro", source, target }),
    ),
    ...Object.entries(image.links).map(([target, source]): Mount => ({ as: "link", source, target })),
    ...volumeMounts.map(
      ({ name, mountPath, subPath = "", readOnly }): Mount => ({
        as: readOnly || !empty.has(name) ? "ro" : "rw",
        source: join(volumes, name, subPath),
        target: mountPath,
      }),
    ),
  ].sort((a, b) => a.target.length - b.target.length);
}

/** For {@link makeRoot}. */
export function mountsText(mounts: readonly Mount[]): string {
  return mounts.map(({ as, source, target }) => `${as} ${source} ${target}\n`).join("");
}

/**
 * A script that makes the file system of a container, in namespaces of its own, and turns into its program: root folder, file for its
 * pid outside, file of mounts, name of the pod, "ro" for a root that cannot be written, working directory, the command.
 */
export const makeRoot = `
set -e
root=$1 pid=$2 mounts=$3 name=$4 how=$5; shift 5
hostname "$name"
mount -t tmpfs -o mode=755 tmpfs "$root"
read -r number _ </proc/self/stat
cd "$root"
mkdir -m 1777 tmp
mkdir usr proc dev etc home
for folder in bin sbin lib lib64; do
  if [ -h "/$folder" ]; then cp -P "/$folder" .
  elif [ -d "/$folder" ]; then mkdir "$folder"; mount --bind "/$folder" "$folder"; mount -o remount,bind,ro "$folder"
  fi
done
mount --bind /usr usr
mount -o remount,bind,ro usr
mount -t tmpfs -o mode=755 tmpfs usr/local/bin
mount --rbind /dev dev
mount -t proc proc proc
printf 'root:x:0:0::/root:/bin/sh\\nargocd:x:999:999::/home/argocd:/bin/sh\\n' >etc/passwd
while read -r as source target; do
  mkdir -p "./\${target%/*}"
  if [ "$as" = link ]; then ln -s "$source" ".$target"; continue; fi
  if [ -d "$source" ]; then mkdir -p ".$target"; else : >".$target"; fi
  mount --bind "$source" ".$target"
  if [ "$as" = ro ]; then mount -o remount,bind,ro ".$target"; fi
done <"$mounts"
if [ "$how" = ro ]; then mount -o remount,ro "$root"; fi
echo "$number" >"$pid"
exec chroot . sh -c 'cd "$1"; shift; exec "$@"' sh "$@"
`;
