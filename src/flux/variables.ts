import type { KubeObject } from "../kube/object.js";
import { stripCredentials } from "../redact.js";
import type { Bucket, GitRepository, HelmChart } from "./sources.js";
import type { Workload } from "./workload.js";

/**
 * The `${VAR}`, `${VAR:=default}` and the like in these texts, each once, as they stand. Flux puts their values in
 * (`spec.postBuild`), so files hold them unresolved; `$${VAR}` is an escape and stays what it is.
 */
export function variablesIn(...texts: readonly (string | undefined)[]): string[] {
  const found = texts
    .filter((text) => text?.includes("${"))
    .flatMap((text) => text?.match(/(?<!\$)\$\{[^}]*\}/g) ?? []);
  return [...new Set(found)];
}

/** The variables in those fields of a workload that an Application is made of. */
export function variablesInWorkload(workload: Workload): string[] {
  const { namespace, name, source, path, chart, sync, releaseName, targetNamespace } = workload;
  const texts = [path, chart?.name, chart?.version, releaseName, targetNamespace];
  const { url, ref, path: folder } = sync ?? {};
  return variablesIn(
    namespace,
    name,
    ...Object.values(source),
    ...texts,
    url && stripCredentials(url),
    ref,
    folder,
  );
}

/** The variables in those fields of a source that an Application is made of; credentials in its URL are not. */
export function variablesInSource(source: KubeObject): string[] {
  const { url, ref, bucketName, endpoint, region } = (source as GitRepository & Bucket).spec ?? {};
  const { chart, version } = (source as HelmChart).spec ?? {};
  const texts = [bucketName, endpoint, region, chart, version, ...Object.values<string>(ref ?? {})];
  return variablesIn(url && stripCredentials(url), ...texts);
}
