import { ExitCode, UserError } from "../../errors.js";
import { installObjects } from "../../install/install-objects.js";
import { inLegacyOrder } from "../../install/legacy-order.js";
import { renderManifest } from "../../install/manifest.js";
import { recordFor } from "../../install/record.js";
import { writeAll } from "../../output/write.js";
import type { Circumstances } from "../../support-matrix/fit.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { resolveOrThrow } from "../../support-matrix/resolve.js";
import { readFluxApis } from "../../survey/flux-apis.js";
import { readPlatforms } from "../../survey/platforms.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { flags } from "./flags.js";
import { checkFlags, fsaWanted, wishFor } from "./request.js";
import { sayChosen } from "./say-chosen.js";

export const install = command({
  description: `Print what installs Argo CD with an FSA image (a patched Argo CD that shows Flux).

The manifests are those of the Argo CD release that the image is made of, checked against the support matrix, with the image, the namespace (-N) and what else was asked for put in as kustomize does it. Without --context no cluster is asked.`,
  examples: [
    ["flamingo install --version=v2.10.2 --export", "what to commit, so that Flux applies it"],
    ["flamingo install --version 2.8 -N argo-system --export", "the newest of a minor, in another namespace"],
    ["flamingo install --engine fsa --export --context prod", "what shows the most of the Flux of a cluster"],
    [
      "flamingo install --version v2.8.4 --export --registry registry.example.com --manifests ./argo-cd",
      "without the internet",
    ],
    [
      "flamingo install --version v2.10.2 --mode helmrelease --export",
      "as a HelmRelease of the argo-cd chart",
    ],
  ],
  flags,
  async run(deps, options) {
    checkFlags(options);
    const { namespaces, say } = deps;
    const matrix = await readMatrix(options.index, deps);
    const wanted = fsaWanted(options, matrix);
    if (!options.export) throw exportOnly();
    const cluster: Circumstances = options.context === undefined ? {} : await lookAtCluster(deps);
    const { dev, force } = options;
    const chosen = resolveOrThrow(matrix, { wanted, dev, force, ...cluster });
    sayChosen(chosen, matrix, say);
    const wish = wishFor(options, namespaces, chosen.candidate, matrix);
    const source = { checksums: matrix.manifests, place: options.manifests, flux: cluster.flux };
    const { objects, manifest } = await installObjects(wish, source, {
      ...deps,
      warn: (text) => say.warning(text),
    });
    const record = recordFor(wish);
    const all = record ? inLegacyOrder([...objects, record]) : objects;
    await writeAll(deps.stdout, renderManifest(all, manifest), deps.signal);
    return ExitCode.done;
  },
});

function exportOnly(): UserError {
  return new UserError("Cannot install into a cluster yet: this flamingo only prints what is to be applied", {
    hint: "Add --export, and apply what it prints with kubectl apply --server-side -f -",
  });
}

async function lookAtCluster({ kube, say }: Deps): Promise<Circumstances> {
  const reader = await kube();
  const [flux, { platforms, unknown }] = await Promise.all([readFluxApis(reader), readPlatforms(reader)]);
  if (unknown !== undefined) say.warning(`The platforms of the Nodes are not known: ${unknown}`);
  return { flux, platforms: unknown === undefined ? platforms : undefined };
}
