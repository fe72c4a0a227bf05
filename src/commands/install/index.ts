import { ExitCode } from "../../errors.js";
import { newPlace } from "../../install/engine-place.js";
import { installObjects } from "../../install/install-objects.js";
import { inLegacyOrder } from "../../install/legacy-order.js";
import { renderManifest } from "../../install/manifest.js";
import { planInstall } from "../../install/plan/plan-install.js";
import { recordFor } from "../../install/record.js";
import { writeAll } from "../../output/write.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { command } from "../command.js";
import { adopt } from "./adopt.js";
import { flags } from "./flags.js";
import { installInto } from "./into-cluster.js";
import { applicationsLeaving } from "./leaving.js";
import { checkFlags, checkIdle, keptFlags, planWishFrom, wishFor } from "./request.js";
import { sayDoubts, sayPlan } from "./say-plan.js";
import { lookAround } from "./surroundings.js";

export const install = command({
  description: `Install or upgrade an Argo CD that shows Flux.

What runs in the cluster is looked at first, and what will be done and seen is said before anything is written. Where no Argo CD is, a stock one comes, with flamingo itself as its engine (flamingo loopback) beside it, so that every Kustomization and HelmRelease is seen. Beside an Argo CD of somebody else only the engine comes. --version with a name of the support matrix installs a patched Argo CD (FSA image) instead.

The manifests are those of the Argo CD release, checked against the support matrix, with the namespace (-N), the FSA image and what else was asked for put in as kustomize does it. With --export nothing is looked at, unless --context names a cluster.`,
  examples: [
    ["flamingo install", "what fits, and wait until it runs"],
    ["flamingo install --diff", "what that would change; exit code 4 when anything would"],
    ["flamingo install --export", "what to commit, so that Flux applies it"],
    ["flamingo install --ha -N argo-system --no-auto", "several replicas, and no Applications by itself"],
    ["flamingo install --auto --project-template '{namespace}'", "also beside an Argo CD that is there"],
    ["flamingo install --version=v2.10.2", "a patched image, as with the Go CLI"],
    [
      "flamingo install --engine fsa --export --context prod",
      "the one that shows the most of a cluster's Flux",
    ],
    [
      "flamingo install --export --registry registry.example.com --manifests ./argo-cd",
      "without the internet",
    ],
    ["flamingo install --mode helmrelease --export", "as a HelmRelease of the argo-cd chart"],
    [
      "flamingo install --mode adopt --diff",
      "an FSA image in the Argo CD that is there; --rollback takes it back",
    ],
  ],
  flags,
  async run(deps, given) {
    if (given.mode === "adopt" || given.rollback) return adopt(deps, given);
    const options = { ...given, mode: given.mode };
    checkFlags(options);
    const { say, namespaces } = deps;
    const matrix = await readMatrix(options.index, deps);
    const kube = options.export && options.context === undefined ? undefined : await deps.kube();
    const around = kube && (await lookAround(kube, options, deps));
    const { situation = {}, namespace = namespaces.argocd } = around ?? {};
    const { kept = {} } = situation;
    const plan = planInstall(matrix, situation, planWishFrom(options));
    checkIdle(options, kept, plan);
    sayPlan(plan, matrix, say);
    if (!plan.argo && !plan.engine) return ExitCode.done;
    for (const flag of keptFlags(options, kept, plan)) say.act(`As it was installed before: ${flag}`);
    const engine = plan.engine && around ? await around.enginePlace() : newPlace;
    const wish = wishFor(options, plan, { namespace, matrix, kept, engine });
    sayDoubts(wish, engine, options, say);
    const { objects, manifest } = await installObjects(
      wish,
      { checksums: matrix.manifests, place: options.manifests, flux: situation.flux },
      { env: deps.env, cwd: deps.cwd, download: deps.download, say },
    );
    if (kube && around && !options.export) {
      const leaving = plan.leavesFsa ? await applicationsLeaving(kube, namespace, deps) : [];
      return installInto(kube, wish, objects, { ...around, leaving }, options, deps);
    }
    const record = recordFor(wish);
    const all = record ? inLegacyOrder([...objects, record]) : objects;
    await writeAll(deps.stdout, renderManifest(all, manifest), deps.signal);
    return ExitCode.done;
  },
});
