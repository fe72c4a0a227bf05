import { usageError } from "../errors.js";
import type { ConnectionFlags } from "../kube/connection-flags.js";
import { defaultAppNamespace, defaultFluxNamespace } from "../names.js";
import { parseDuration } from "../text/duration.js";
import { namespaceProblem } from "../text/names.js";
import { type Flag, type OptionsOf, parsed, text, texts, toggle } from "./flag.js";

function namespace(flag: string): (value: string) => string {
  return (value) => {
    const problem = namespaceProblem(value);
    if (problem) throw usageError(`${flag} ${JSON.stringify(value)} is no namespace: ${problem}`);
    return value;
  };
}

/** What Node's timers can wait at the most: almost 25 days. */
const longestMs = 2 ** 31 - 1;

/** Whole milliseconds; 0 only when it was written, for "no limit". */
function duration(flag: string): (value: string) => number {
  return (value) => {
    const ms = parseDuration(value);
    if (ms === undefined) {
      throw usageError(
        `${flag} ${JSON.stringify(value)} is no duration`,
        "Write it as Go does: 90s, 5m, 1h30m",
      );
    }
    return Math.min(Math.ceil(ms), longestMs);
  };
}

const ignored = (usage: string): Flag<string> => ({
  ...text(usage, "accepted for kubectl's sake"),
  hidden: true,
});

/** The flags that every command takes: kubectl's, by the same names, and flamingo's own. */
export const globalFlags = {
  namespace: parsed(
    "-n, --namespace <namespace>",
    `namespace of the Flux objects (default $FLUX_SYSTEM_NAMESPACE, else ${defaultFluxNamespace})`,
    namespace("--namespace"),
  ),
  appNs: parsed(
    "-N, --app-ns <namespace>",
    `namespace of the Applications (default $FLAMINGO_APP_NAMESPACE, else ${defaultAppNamespace})`,
    namespace("--app-ns"),
  ),
  argocdNamespace: parsed(
    "--argocd-namespace <namespace>",
    "namespace where Argo CD itself runs (default: as --app-ns)",
    namespace("--argocd-namespace"),
  ),
  timeout: parsed(
    "--timeout <duration>",
    "end after this time at the latest (default 10m, 0 for no limit)",
    duration("--timeout"),
  ),
  kubeconfig: text("--kubeconfig <file>", "kubeconfig to use instead of $KUBECONFIG and ~/.kube/config"),
  context: text("--context <context>", "context of the kubeconfig to use"),
  cluster: text("--cluster <cluster>", "cluster of the kubeconfig to use"),
  user: text("--user <name>", "user of the kubeconfig to use"),
  apiServer: text("--api-server <url>", "address of the Kubernetes API server"),
  token: text("--token <token>", "bearer token for the API server"),
  clientCertificate: text("--client-certificate <file>", "client certificate for TLS"),
  clientKey: text("--client-key <file>", "client key for TLS"),
  certificateAuthority: text("--certificate-authority <file>", "certificate authority of the API server"),
  tlsServerName: text("--tls-server-name <name>", "name to expect in the API server's certificate"),
  insecureSkipTlsVerify: toggle("--insecure-skip-tls-verify", "do not check the API server's certificate"),
  as: text("--as <user>", "user to impersonate"),
  asGroup: texts("--as-group <group>", "group to impersonate; may be repeated"),
  asUid: text("--as-uid <uid>", "UID to impersonate"),
  disableCompression: toggle("--disable-compression", "ask the API server for uncompressed answers"),
  requestTimeout: parsed(
    "--request-timeout <duration>",
    "give up on a single request after this time (default 30s, 0 for no limit)",
    duration("--request-timeout"),
  ),
  cacheDir: ignored("--cache-dir <folder>"),
  kubeApiQps: ignored("--kube-api-qps <number>"),
  kubeApiBurst: ignored("--kube-api-burst <number>"),
  verbose: toggle("--verbose", "tell each request on stderr, and each failure by itself"),
  noColor: toggle("--no-color", "no colour, as with $NO_COLOR"),
};

export type GlobalOptions = OptionsOf<typeof globalFlags>;

const defaultTimeoutMs = 10 * 60 * 1000;

/** How long a command may take that ends by itself, in milliseconds; 0 for no limit. */
export function timeoutOf({ timeout = defaultTimeoutMs }: Pick<GlobalOptions, "timeout">): number {
  return timeout;
}

/** The part of the global flags that says which cluster, and as whom. */
export function connectionFlags(options: GlobalOptions): ConnectionFlags {
  return {
    kubeconfig: options.kubeconfig,
    context: options.context,
    cluster: options.cluster,
    user: options.user,
    apiServer: options.apiServer,
    token: options.token,
    clientCertificate: options.clientCertificate,
    clientKey: options.clientKey,
    certificateAuthority: options.certificateAuthority,
    tlsServerName: options.tlsServerName,
    insecureSkipTlsVerify: options.insecureSkipTlsVerify,
    as: options.as,
    asGroup: options.asGroup,
    asUid: options.asUid,
    disableCompression: options.disableCompression,
    requestTimeoutMs: options.requestTimeout,
  };
}
