import type { InstalledFlux } from "../../flux/installed/installed-flux.js";
import { kubernetesTooOld } from "../../flux/versions.js";
import { type Finding, type FoundObject, finding } from "./finding.js";

/** What is wrong with Flux as it is installed; whether its controllers are ready is another question. */
export function fluxFindings(flux: InstalledFlux, kubernetes: string): Finding[] {
  if (!flux.present) {
    return [
      finding("flux-missing", null, {
        why: "the cluster serves neither Kustomizations nor HelmReleases",
        remedy: "Install Flux (flux install), or choose another --context",
      }),
    ];
  }
  const object: FoundObject | null =
    flux.namespace === undefined ? null : { kind: "Namespace", namespace: null, name: flux.namespace };
  const tooOld = flux.minor === undefined ? undefined : kubernetesTooOld(flux.minor, kubernetes);
  return [
    ...(flux.minor === undefined
      ? [
          finding("flux-version-unknown", object, {
            why: "nothing tells which release of Flux is installed",
            remedy: "Look at what each witness says: flamingo version -o json",
          }),
        ]
      : []),
    ...flux.disagreements.map((why) =>
      finding("flux-contradiction", object, {
        why,
        remedy: "Install the whole of one release: its CRDs, its controllers and their labels",
      }),
    ),
    ...(tooOld === undefined
      ? []
      : [
          finding("kubernetes-too-old", null, {
            why: `Kubernetes ${kubernetes} is older than ${tooOld}, the oldest that Flux ${flux.minor} accepts`,
            remedy: "Upgrade Kubernetes",
          }),
        ]),
  ];
}

export function fluxNotReady({ controllers }: InstalledFlux): Finding[] {
  return controllers
    .filter(({ wanted, ready }) => ready < wanted)
    .map((controller) => {
      const { kind, namespace, name, component, wanted, ready } = controller;
      return finding(
        "flux-not-ready",
        { kind, namespace, name },
        {
          why: `of the ${component} ${ready} of ${wanted} pods are ready`,
          remedy: `Look at it: kubectl describe ${kind.toLowerCase()} ${name} -n ${namespace}`,
        },
      );
    });
}
