import { newestChartOf } from "../argo/installed/chart-versions.js";
import { argoHas } from "../argo/versions.js";
import { UserError } from "../errors.js";
import { HelmRelease } from "../flux/helm-release.js";
import { HelmRepository } from "../flux/sources.js";
import type { KubeObject } from "../kube/object.js";
import type { FluxApis } from "../support-matrix/flux-apis.js";
import { anonymousSettings } from "./anonymous.js";
import { namespaceObject } from "./argo-objects.js";
import { type ImageWish, inRegistry, stockRepository } from "./images.js";

export const helmReleaseName = "flamingo";
/** Of the HelmRepository that its chart is from. */
export const helmRepositoryName = "argo-helm-repo";

/** of Helm's release, by which it calls what it installs */
export const releaseName = "argocd";

export interface HelmWish extends ImageWish {
  /** the release of Argo CD, below the patches if there are any: "v2.8.4" */
  argocd: string;
  namespace: string;
  anonymous: boolean;
}

/**
 * An install by Flux: the newest argo-cd chart of this very release, since the chart of another one brings commands and CRDs that an
 * image does not know.
 *
 * @param flux what the cluster serves; without it, and for a Flux that is still to come, the newest versions are written
 * @throws UserError when no chart ever installed that release, or the image has no tag
 */
export function helmObjects(wish: HelmWish, flux?: FluxApis): KubeObject[] {
  const { argocd, namespace } = wish;
  const release = argocd.replace(/^v/, "");
  const version = newestChartOf(release);
  if (version === undefined)
    throw new UserError(`Cannot install by Helm: no argo-cd chart installs Argo CD ${argocd}`, {
      hint: "Take another --version, or leave --mode out",
    });
  const metadata = (name: string) => ({ name, namespace });
  const repository = {
    apiVersion: `${HelmRepository.group}/${flux?.served.HelmRepository[0] ?? "v1"}`,
    kind: HelmRepository.kind,
    metadata: metadata(helmRepositoryName),
    spec: { interval: "10m", url: "https://argoproj.github.io/argo-helm" },
  };
  const sourceRef = { kind: HelmRepository.kind, name: repository.metadata.name };
  const helmRelease = {
    apiVersion: `${HelmRelease.group}/${flux?.served.HelmRelease[0] ?? "v2"}`,
    kind: HelmRelease.kind,
    metadata: metadata(helmReleaseName),
    spec: {
      chart: { spec: { chart: "argo-cd", sourceRef, version } },
      interval: "10m",
      releaseName,
      targetNamespace: namespace,
      values: valuesFor(wish, release),
    },
  };
  return [namespaceObject(namespace), repository, helmRelease];
}

/** Values of the charts 3.35 to 10.1, those of Argo CD 2.2 to 3.4. */
function valuesFor({ image, registry, pullSecret, anonymous }: HelmWish, release: string): object {
  const own =
    image !== undefined
      ? { image: partsOf(image) }
      : registry !== undefined
        ? { image: { repository: inRegistry(stockRepository, registry) } }
        : {};
  const global = {
    ...own,
    ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
  };
  return {
    ...(anonymous ? settingsFor(release) : {}),
    ...(registry === undefined ? {} : otherImages(registry, release)),
    ...(Object.keys(global).length === 0 ? {} : { global }),
  };
}

/** Where the charts take the programs of others from; their tags stay the chart's. */
function otherImages(registry: string, release: string): object {
  const redis = argoHas("takesRedisFromAws", release) ? "public.ecr.aws/docker/library/redis" : "redis";
  const repository = (name: string) => ({ image: { repository: inRegistry(name, registry) } });
  return { dex: repository("ghcr.io/dexidp/dex"), redis: repository(redis) };
}

function settingsFor(release: string): object {
  const { "argocd-cm": cm, "argocd-rbac-cm": rbac } = anonymousSettings;
  return argoHas("chartsConfigs", release)
    ? { configs: { cm, rbac } }
    : { server: { config: cm, rbacConfig: rbac } };
}

/** A digest is a part of the tag for the charts, which put a colon between the two. */
function partsOf(image: string): { repository: string; tag: string } {
  const [, repository, tag] = /^([^@]*?[^:/@]):([^/@]+(?:@.*)?)$/.exec(image) ?? [];
  if (repository !== undefined && tag !== undefined) return { repository, tag };
  throw new UserError(`Cannot install by Helm: the image ${image} has no tag`, {
    hint: "Name one with --image NAME:TAG",
  });
}
