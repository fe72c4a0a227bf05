import type { Application } from "../../argo/application.js";
import { ExitCode } from "../../errors.js";
import { newPlace } from "../../install/engine-place.js";
import { type InstallWish, installObjects } from "../../install/install-objects.js";
import { applicationsLeaving, beforeStock } from "../../install/leave-fsa.js";
import { inLegacyOrder } from "../../install/legacy-order.js";
import { renderManifest } from "../../install/manifest.js";
import { objectionTo } from "../../install/objection.js";
import { planInstall } from "../../install/plan/plan-install.js";
import { recordFor } from "../../install/record.js";
import { writeAll } from "../../output/write.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { adopt } from "./adopt.js";
import { flags } from "./flags.js";
import { installInto } from "./into-cluster.js";
import {
  checkFlags,
  checkIdle,
  droppedImage,
  keptFlags,
  type Options,
  planWishFrom,
  wishFor,
} from "./request.js";
import { sayDoubts, sayPlan } from "./say-plan.js";
import { lookAround, type Surroundings } from "./surroundings.js";

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
    const engine = plan.engine && around ? await around.enginePlace() : newPlace;
    const place = { namespace, matrix, kept, engine };
    const wish = wishFor(options, plan, place);
    for (const flag of keptFlags(options, plan, wish, place)) say.act(`As it was installed before: ${flag}`);
    const dropped = droppedImage(options, wish, place);
    if (dropped) say.warning(dropped, "Name the one for this version with --image");
    sayDoubts(wish, engine, options.serviceMonitor ?? kept.serviceMonitor, say);
    const { objects, manifest } = await installObjects(
      wish,
      { checksums: matrix.manifests, place: options.manifests, flux: situation.flux },
      { env: deps.env, cwd: deps.cwd, download: deps.download, say },
    );
    const leaving = kube && plan.leavesFsa ? await applicationsLeaving(kube, namespace) : [];
    if (kube && around && !options.export)
      return installInto(kube, wish, objects, { ...around, leaving }, options, deps);
    if (around) checkExport(wish, around, leaving, options, deps);
    const record = recordFor(wish);
    const all = record ? inLegacyOrder([...objects, record]) : objects;
    await writeAll(deps.stdout, renderManifest(all, manifest), deps.signal);
    return ExitCode.done;
  },
});

/** @throws UserError for what would be refused if flamingo applied it */
function checkExport(
  wish: InstallWish,
  { survey: { argos }, situation: { kept: before } }: Surroundings,
  leaving: readonly Application[],
  { force = false }: Options,
  { say }: Deps,
): void {
  const objection = objectionTo(wish, { argos, before, leaving, isExport: true, force });
  if (objection) throw objection;
  const first = beforeStock(leaving);
  if (first) say.warning("Once this is applied, Sync would apply workloads of Flux a second time", first);
}
