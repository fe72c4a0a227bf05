import path from "node:path";
import { CORE_SCHEMA, mergeTag, YAMLException } from "js-yaml";
import { UserError } from "../../errors.js";
import { loadAllAsGo } from "../../yaml-of-go.js";
import type {
  AuthProvider,
  Cluster,
  Context,
  ExecPlugin,
  Impersonation,
  Kubeconfig,
  User,
} from "./kubeconfig-types.js";
import { Field, type Place, placeOf, ShapeError } from "./yaml-field.js";

/** The extension of a cluster that is handed to exec plugins (client-go `tools/clientcmd/client_config.go`). */
const execExtension = "client.authentication.k8s.io/exec";

/** Not CORE_SCHEMA alone: people use `<<` in kubeconfigs that they write by hand, and kubectl reads it. */
const schema = CORE_SCHEMA.withTags(mergeTag);

/**
 * The kubeconfig that `text` holds. Like kubectl it takes the first document, ignores fields that it does not know, lets
 * the last of several equal keys win, and refuses two entries of one name.
 *
 * @param file its absolute path: what is relative in it is relative to its folder
 * @throws UserError that names file, line and column
 */
export async function parseKubeconfig(text: string, file: string): Promise<Kubeconfig> {
  try {
    const root = new Field(loadAllAsGo(text, { schema, json: true })[0]);
    return kubeconfigFrom(root, file);
  } catch (error) {
    if (error instanceof YAMLException) throw cannotRead(file, error.reason, error.mark, error);
    if (error instanceof ShapeError)
      throw cannotRead(file, error.message, await placeOf(error.path, text), error);
    throw error;
  }
}

function kubeconfigFrom(root: Field, file: string): Kubeconfig {
  const kind = root.at("kind").text() ?? "Config";
  const version = root.at("apiVersion").text() ?? "v1";
  if (kind !== "Config") throw new ShapeError(["kind"], `Config, but it is ${kind}`);
  if (version !== "v1") throw new ShapeError(["apiVersion"], `v1, but it is ${version}`);
  const folder = path.dirname(file);
  return {
    currentContext: root.at("current-context").text(),
    clusters: named(root.at("clusters"), "cluster", (field) => clusterFrom(field, folder)),
    users: named(root.at("users"), "user", (field) => userFrom(field, folder)),
    contexts: named(root.at("contexts"), "context", (field) => contextFrom(field, file)),
  };
}

/** The entries of a list of `{name: NAME, KEY: {...}}`. */
function named<T>(list: Field, key: string, read: (field: Field) => T): Map<string, T> {
  const entries = new Map<string, T>();
  for (const item of list.list()) {
    const name = item.at("name").text() ?? "";
    if (entries.has(name))
      throw new ShapeError([...item.path, "name"], `unique: there already is a ${key} ${name}`);
    entries.set(name, read(item.at(key)));
  }
  return entries;
}

function contextFrom(field: Field, file: string): Context {
  return {
    cluster: field.at("cluster").text(),
    user: field.at("user").text(),
    namespace: field.at("namespace").text(),
    file,
  };
}

function clusterFrom(field: Field, folder: string): Cluster {
  const extension = field
    .at("extensions")
    .list()
    .find((item) => item.at("name").text() === execExtension);
  return {
    server: field.at("server").text(),
    certificateAuthority: pathIn(folder, field.at("certificate-authority")),
    certificateAuthorityData: field.at("certificate-authority-data").decoded(),
    insecureSkipTlsVerify: field.at("insecure-skip-tls-verify").flag(),
    tlsServerName: field.at("tls-server-name").text(),
    proxyUrl: field.at("proxy-url").text(),
    disableCompression: field.at("disable-compression").flag(),
    execConfig: extension?.at("extension").value,
  };
}

function userFrom(field: Field, folder: string): User {
  return {
    clientCertificate: pathIn(folder, field.at("client-certificate")),
    clientCertificateData: field.at("client-certificate-data").decoded(),
    clientKey: pathIn(folder, field.at("client-key")),
    clientKeyData: field.at("client-key-data").decoded(),
    token: field.at("token").text(),
    tokenFile: pathIn(folder, field.at("tokenFile")),
    username: field.at("username").text(),
    password: field.at("password").text(),
    impersonate: impersonationFrom(field),
    exec: execFrom(field.at("exec"), folder),
    authProvider: authProviderFrom(field.at("auth-provider")),
  };
}

function impersonationFrom(field: Field): Impersonation | undefined {
  const user = field.at("as").text();
  const uid = field.at("as-uid").text();
  const groups = field.at("as-groups").texts();
  const extra = field
    .at("as-user-extra")
    .entries()
    .map(([key, values]) => [key, values.texts()] as const);
  if (user === undefined && uid === undefined && groups.length === 0 && extra.length === 0) return undefined;
  return { user, uid, groups, extra: Object.fromEntries(extra) };
}

function execFrom(field: Field, folder: string): ExecPlugin | undefined {
  if (field.value === undefined) return undefined;
  const command = field.at("command").text() ?? "";
  const env = field
    .at("env")
    .list()
    .map((item) => [item.at("name").text() ?? "", item.at("value").text() ?? ""]);
  return {
    // a bare name is looked up in the PATH
    command: command.includes(path.sep) ? path.resolve(folder, command) : command,
    args: field.at("args").texts(),
    env: Object.fromEntries(env),
    apiVersion: field.at("apiVersion").text() ?? "",
    interactiveMode: field.at("interactiveMode").text(),
    provideClusterInfo: field.at("provideClusterInfo").flag(),
    installHint: field.at("installHint").text(),
  };
}

function authProviderFrom(field: Field): AuthProvider | undefined {
  if (field.value === undefined) return undefined;
  const config = field
    .at("config")
    .entries()
    .map(([key, value]) => [key, value.text() ?? ""] as const);
  return { name: field.at("name").text() ?? "", config: Object.fromEntries(config) };
}

function pathIn(folder: string, field: Field): string | undefined {
  const text = field.text();
  return text === undefined ? undefined : path.resolve(folder, text);
}

function cannotRead(file: string, why: string, place: Place | undefined, cause: unknown): UserError {
  const where = place ? `${file}:${place.line + 1}:${place.column + 1}` : file;
  return new UserError(`Cannot read the kubeconfig ${where}: ${why}`, {
    hint: "Correct that line, or name another file with --kubeconfig",
    cause,
  });
}
