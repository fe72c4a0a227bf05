import { defaultAppNamespace, defaultFluxNamespace } from "../names.js";
import { namespaceProblem } from "../text/names.js";
import type { GlobalOptions } from "./global-flags.js";

export interface Namespaces {
  /** `-n`: where the Flux objects are */
  flux: string;
  /** `-N`: where the Applications are */
  app: string;
  /** where Argo CD itself runs */
  argocd: string;
}

/**
 * Flag before environment variable before default. As with `flux`, a bad variable is a warning, not an error.
 *
 * @param warn told once, of all variables that are ignored
 */
export function namespacesFor(
  options: GlobalOptions,
  env: Readonly<Record<string, string | undefined>>,
  warn: (text: string) => void,
): Namespaces {
  const ignored: string[] = [];
  const fromEnv = (name: string, fallback: string) => {
    const value = env[name];
    if (!value) return fallback;
    const problem = namespaceProblem(value);
    if (!problem) return value;
    ignored.push(`${name}=${JSON.stringify(value)} is ignored, since it is no namespace: ${problem}`);
    return fallback;
  };
  const flux = options.namespace ?? fromEnv("FLUX_SYSTEM_NAMESPACE", defaultFluxNamespace);
  const app = options.appNs ?? fromEnv("FLAMINGO_APP_NAMESPACE", defaultAppNamespace);
  if (ignored.length > 0) warn(ignored.join("; "));
  return { flux, app, argocd: options.argocdNamespace ?? app };
}

/** Where Argo CD was said to run, by flag or variable; undefined when nobody said so. */
export function saidArgoNamespace(
  { appNs, argocdNamespace }: GlobalOptions,
  { env, namespaces }: { env: Readonly<Record<string, string | undefined>>; namespaces: Namespaces },
): string | undefined {
  const isSaid =
    appNs !== undefined || argocdNamespace !== undefined || env["FLAMINGO_APP_NAMESPACE"] === namespaces.app;
  return isSaid ? namespaces.argocd : undefined;
}
