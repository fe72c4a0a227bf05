#!/usr/bin/env bash
# Builds the image by the packed Dockerfile, on a base made of this machine's Node, without any registry, and runs it as it
# runs in a cluster. Wants root, mounts of its own and buildah (apt-get install buildah); without them it says so.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

fail() {
  echo "✗ $1" >&2
  exit 1
}

if [[ $(id -u) != 0 ]] || ! command -v buildah >/dev/null || ! unshare --mount true; then
  echo "⚠ Skipped: an image is built and run here only by root, who may mount, with buildah"
  exit 0
fi

# nothing of this machine's own images, and nothing that needs a daemon, FUSE or a registry
buildah() {
  command buildah --storage-driver vfs --root "$place/storage" --runroot "$place/run" "$@"
}

# expect STDOUT_PATTERN COMMAND...: a regular expression for the whole text
expect() {
  local pattern=$1 out
  shift
  out=$("$@" 2>&1 </dev/null) || fail "$* ended with $?: $out"
  [[ $out =~ ^$pattern$ ]] || fail "$* printed: $out"
  echo "✔ ${*: -2}"
}

cd "$root"
tar -xf "$(npm pack --silent --pack-destination "$place" | sed "s|^|$place/|" | tail -n 1)" -C "$place"
version=$(node -p "require('$place/package/package.json').version")

# Node where distroless images have it, and the libraries that it loads
base=$place/base
node=$(node -p process.execPath)
mkdir -p "$base/nodejs/bin" "$base/etc" "$base/tmp"
chmod 1777 "$base/tmp"
cp "$node" "$base/nodejs/bin/node"
ldd "$node" | grep -o '/[^ ]*' | xargs -I{} cp --parents -L {} "$base"
echo "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin" >"$base/etc/passwd"
printf 'FROM scratch\nCOPY . /\n' >"$place/Dockerfile.base"
buildah build --quiet --isolation chroot -t localhost/node -f "$place/Dockerfile.base" "$base" >/dev/null

buildah build --quiet --isolation chroot --build-arg BASE=localhost/node -t localhost/flamingo "$place/package" >/dev/null
container=$(buildah from localhost/flamingo)
run=(buildah run --isolation chroot "$container" node /flamingo/bin/flamingo.cjs)
config=$(buildah inspect --type image --format '{{.OCIv1.Config.User}} {{.OCIv1.Config.Entrypoint}}' localhost/flamingo)
[[ $config == "65532:65532 [node /flamingo/bin/flamingo.cjs]" ]] || fail "The image is not as it should be: $config"
expect "65532" buildah run --isolation chroot "$container" node -p "process.getuid()"
expect "flamingo version $version" "${run[@]}" --version
expect "COMPONENT .*flamingo +$version.*" "${run[@]}" version --client
expect "Usage: flamingo loopback .*" "${run[@]}" loopback --help

# as its Deployment has it: nothing can be written anywhere
mounted=$(buildah mount "$container")
readOnly() {
  # shellcheck disable=SC2016 # the inner shell's
  env -i PATH="$PATH" unshare --mount sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec chroot --userspec=65532:65532 "$0" "$@"' \
    "$mounted" /nodejs/bin/node "$@"
}
expect "EROFS" readOnly -p 'try { fs.writeFileSync("/tmp/x", "") } catch (error) { error.code }'
expect "Usage: flamingo loopback .*" readOnly /flamingo/bin/flamingo.cjs loopback --help
expect "COMPONENT .*flamingo +$version.*" readOnly /flamingo/bin/flamingo.cjs version --client

[[ $(ls "$mounted/flamingo") == "$(ls "$place/package")" ]] || fail "There is more in the image than the package"
echo "► The package is $(du -sh --apparent-size "$mounted/flamingo" | cut -f1) of it, this machine's Node $(du -sLh --apparent-size "$base" | cut -f1)"
