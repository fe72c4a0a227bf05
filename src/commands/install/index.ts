import { ExitCode } from "../../errors.js";
import { installObjects } from "../../install/install-objects.js";
import { inLegacyOrder } from "../../install/legacy-order.js";
import { renderManifest } from "../../install/manifest.js";
import { keptBy, recordFor } from "../../install/record.js";
import { writeAll } from "../../output/write.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { resolveOrThrow } from "../../support-matrix/resolve.js";
import { command } from "../command.js";
import { flags } from "./flags.js";
import { installInto } from "./into-cluster.js";
import { checkFlags, fsaWanted, keptFlags, wishFor } from "./request.js";
import { sayChosen } from "./say-chosen.js";
import { lookAround } from "./surroundings.js";

export const install = command({
  description: `Install or upgrade Argo CD with an FSA image (a patched Argo CD that shows Flux).

The manifests are those of the Argo CD release that the image is made of, checked against the support matrix, with the image, the namespace (-N) and what else was asked for put in as kustomize does it. What runs in the cluster is looked at first; with --export only where --context names one.`,
  examples: [
    ["flamingo install --version=v2.10.2", "a patched image, and wait until it runs"],
    ["flamingo install --version=v2.10.2 --diff", "what that would change; exit code 4 when anything would"],
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
    const { say, namespaces } = deps;
    const matrix = await readMatrix(options.index, deps);
    const wanted = fsaWanted(options, matrix);
    const kube = options.export && options.context === undefined ? undefined : await deps.kube();
    const around = kube && (await lookAround(kube, options, deps));
    const { dev, force } = options;
    const chosen = resolveOrThrow(matrix, { wanted, dev, force, ...around?.circumstances });
    sayChosen(chosen, matrix, say);
    const kept = around?.record ? keptBy(around.record) : {};
    for (const flag of keptFlags(options, kept)) say.act(`As it was installed before: ${flag}`);
    const wish = wishFor(options, kept, around?.namespace ?? namespaces.argocd, chosen.candidate, matrix);
    if (wish.anonymous) say.warning(opened);
    const { objects, manifest } = await installObjects(
      wish,
      { checksums: matrix.manifests, place: options.manifests, flux: around?.circumstances.flux },
      { env: deps.env, cwd: deps.cwd, download: deps.download, say },
    );
    if (kube && around && !options.export) return installInto(kube, wish, objects, around, options, deps);
    const record = recordFor(wish);
    const all = record ? inLegacyOrder([...objects, record]) : objects;
    await writeAll(deps.stdout, renderManifest(all, manifest), deps.signal);
    return ExitCode.done;
  },
});

const opened =
  "Whoever reaches Argo CD will see its Applications, clusters, repositories, projects and logs of Pods without a login";
