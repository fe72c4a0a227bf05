import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "../../src/yaml.js";
import type { TestObject } from "../cluster/crds.js";
import { isSharedMissing, sharedArgoInstall } from "../cluster/shared.js";
import { dataFolder } from "../support-matrix/data.js";

interface Container {
  name: string;
  image: string;
}

export interface PodObject extends TestObject {
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: { containers: Container[]; initContainers?: Container[] };
    };
  };
}

/** The releases of Argo CD whose real manifests are there: "v2.2.16" … "v3.5.1". */
export const argoTags: readonly string[] = isSharedMissing("argo-cd")
  ? []
  : readdirSync(join(dataFolder, "../../argo-cd")).filter((name) => name.startsWith("v"));

const read = new Map<string, string[]>();

/** The objects of these kinds of an Argo CD release; each call makes new ones. Without them it would take seconds to parse. */
function argoObjects(kinds: RegExp, tag: string, file?: string): TestObject[] {
  const key = `${tag} ${file}`;
  const documents = read.get(key) ?? sharedArgoInstall(tag, file).split(/^---$/m);
  const wanted = documents.filter((document) => /^kind: (Deployment|StatefulSet|Service)$/m.test(document));
  read.set(key, wanted);
  return wanted
    .filter((document) => kinds.test(document))
    .flatMap((document) => readYaml(document) as TestObject[]);
}

/** @param image in place of the stock image, wherever that is used */
export function argoRunners(
  tag: string,
  { image, file }: { image?: string; file?: string } = {},
): PodObject[] {
  const runners = argoObjects(/^kind: (Deployment|StatefulSet)$/m, tag, file) as PodObject[];
  for (const { spec } of runners) {
    const { containers, initContainers = [] } = spec.template.spec;
    for (const container of [...containers, ...initContainers]) {
      if (image && container.image === `quay.io/argoproj/argocd:${tag}`) container.image = image;
    }
  }
  return runners;
}

/** As the Helm chart makes them: names and instance labels of the release, containers named after their component. */
export function asHelmRelease(runners: PodObject[], release: string, version: string): PodObject[] {
  const fullName = release.includes("argocd") ? release : `${release}-argocd`;
  return runners.map(({ metadata, spec, ...rest }) => {
    const labels = {
      ...metadata.labels,
      "app.kubernetes.io/instance": release,
      "app.kubernetes.io/managed-by": "Helm",
      "app.kubernetes.io/version": version,
      "helm.sh/chart": "argo-cd-6.7.1",
    };
    const { containers, ...pod } = spec.template.spec;
    const bare = (name: string) => name.replace(/^argocd-/, "");
    return {
      ...rest,
      metadata: {
        ...metadata,
        name: `${fullName}-${bare(metadata.name)}`,
        labels,
        annotations: { "meta.helm.sh/release-name": release },
      },
      spec: {
        ...spec,
        selector: { matchLabels: { ...spec.selector.matchLabels, "app.kubernetes.io/instance": release } },
        template: {
          metadata: { labels: { ...spec.template.metadata.labels, ...labels } },
          spec: { ...pod, containers: containers.map((one) => ({ ...one, name: bare(one.name) })) },
        },
      },
    };
  });
}
