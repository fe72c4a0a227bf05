/** How Argo CD's server is told to serve its page (`cmd/argocd-server` of Argo CD 2.2 to 3.6). Pure. */
import {
  environmentOf,
  expand,
  type KeptTexts,
  type KeyRef,
  objectsBehind,
  textOf,
} from "../../kube/container/env.js";
import { commandLineOf, isOn, valuesOf } from "../../kube/container/flags.js";
import type { Container } from "../../kube/kinds.js";

export interface ServerSettings {
  scheme: "https" | "http";
  /** "" or "/argocd" */
  rootPath: string;
}

/** In the manifests their values are keys of argocd-cmd-params-cm: `server.insecure`, `server.rootpath`. */
const variable = { insecure: "ARGOCD_SERVER_INSECURE", rootPath: "ARGOCD_SERVER_ROOTPATH" } as const;

/** ConfigMaps and Secrets to be read for {@link serverSettingsFrom}. */
export function objectsForServer(container: Container): KeyRef[] {
  return objectsBehind(container, new Set<string>(Object.values(variable)));
}

/** A flag counts before a variable. */
export function serverSettingsFrom(container: Container, kept: KeptTexts): ServerSettings {
  const variables = environmentOf(container, kept);
  const words = commandLineOf(container, (word) => expand(word, variables, kept));
  const told = (name: keyof typeof variable) => textOf(variables.get(variable[name]), kept);
  const isInsecure = isOn("insecure", words) ?? /^true$/i.test(told("insecure") ?? "");
  const path = valuesOf("rootpath", words).at(-1) ?? told("rootPath");
  return { scheme: isInsecure ? "http" : "https", rootPath: rootPathFrom(path) };
}

/** It becomes a part of addresses, so nothing but plain names in it counts. */
function rootPathFrom(text = ""): string {
  const bare = text.replace(/^\/+|\/+$/g, "");
  return /^[\w~-][\w.~-]*(\/[\w~-][\w.~-]*)*$/.test(bare) ? `/${bare}` : "";
}
