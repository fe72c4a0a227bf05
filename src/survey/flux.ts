import { FluxInstance } from "../flux/flux-instance.js";
import { type InstalledFlux, installedFlux, isMinorOpen } from "../flux/installed/installed-flux.js";
import { FluxReport } from "../flux/installed/operator.js";
import { FluxConfig } from "../flux/installed/owner.js";
import { answerTie, openTies, type SchemaAnswer, schemaPath } from "../flux/installed/schema-ties.js";
import { type ServedVersions, tellingKinds } from "../flux/installed/served-minors.js";
import { allOf } from "../kube/all-of.js";
import { CustomResourceDefinition, Namespace } from "../kube/kinds.js";
import type { Kube } from "../kube/kube.js";
import type { KubeObject } from "../kube/object.js";
import { permitted } from "../kube/permitted.js";
import type { PodRunners } from "../kube/pod-runner.js";
import { resourceName } from "../kube/resource.js";
import { servedVersionsOf } from "../kube/served-kinds.js";

/**
 * The Flux of a cluster: two requests as a rule (discovery, which others need, too, and one CRD), two more where there is
 * a Flux Operator. Only where no controller is seen, Namespaces are asked, and in the end the schemas.
 *
 * A missing right is told in `unknown`; any other failure is thrown.
 *
 * @param running what `isFluxController()` keeps, at least
 */
export async function readInstalledFlux(kube: Kube, running: PodRunners): Promise<InstalledFlux> {
  const [served, configs] = await Promise.all([
    servedVersionsOf(kube, tellingKinds),
    kube.servedVersions(FluxConfig),
  ]);
  const seen = { served, runners: running.runners, servesFluxConfig: configs.length > 0 };
  const { present, controllers } = installedFlux(seen);
  const nobodySeen = present && controllers.length === 0;
  const [crd, reports, instances, namespaces] = await Promise.all([
    permitted(served.GitRepository?.length ? readCrd(kube) : nothing),
    permitted(allOf(kube.list(FluxReport))),
    permitted(allOf(kube.list(FluxInstance))),
    permitted(
      nobodySeen ? allOf(kube.list(Namespace, { labels: "app.kubernetes.io/part-of=flux" })) : nothing,
    ),
  ]);
  const evidence = {
    ...seen,
    crd: crd.found,
    reports: reports.found ?? [],
    instances: instances.found ?? [],
    namespaces: namespaces.found ?? [],
    unknown: [running, crd, reports, instances, namespaces].flatMap(({ unknown }) => unknown),
  };
  const flux = installedFlux(evidence);
  if (!isMinorOpen(flux)) return flux;
  const schemas = await permitted(readSchemas(kube, served));
  return installedFlux({
    ...evidence,
    schemas: schemas.found ?? [],
    unknown: [...evidence.unknown, ...schemas.unknown],
  });
}

const nothing = Promise.resolve(undefined);

function readCrd(kube: Kube): Promise<KubeObject | undefined> {
  return kube.find(CustomResourceDefinition, { name: resourceName(tellingKinds.GitRepository) });
}

/** Looks for the fields that decide between the minors that the served versions leave open; each schema is read once. */
async function readSchemas(kube: Kube, served: ServedVersions): Promise<SchemaAnswer[]> {
  const ties = openTies(served);
  const paths = [...new Set(ties.map(schemaPath))];
  const documents = new Map(
    await Promise.all(
      paths.map(async (path) => [path, await kube.read(path, "read the schemas of Flux's kinds")] as const),
    ),
  );
  return ties.flatMap((tie) => answerTie(tie, documents.get(schemaPath(tie))) ?? []);
}
