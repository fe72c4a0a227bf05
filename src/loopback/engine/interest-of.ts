import type { ApplicationTree } from "../../argo/application-tree.js";
import { shownBy } from "../../argo/generated.js";
import { lookedAtFor } from "../../flux/dependencies.js";
import { takesInputs } from "../../flux/resource-set/providers.js";
import { sourceChainOf } from "../../flux/source-chain.js";
import { idOf, keyOf, keyOfReference } from "../../kube/object-id.js";
import type { ReportInput } from "../../report/report.js";
import { interestIn, interestInProviders } from "./world.js";

/** All whose change makes another report: what is shown, what is missing, what is waited for, and what is left out for now. */
export function interestOf(input: ReportInput, tree: ApplicationTree): string[] {
  const { application, workload, workloads, sources, live, inventory } = input;
  const chain = workload && sourceChainOf(workload, sources);
  const chainKeys = new Set((chain?.links ?? []).map(({ object }) => keyOf(idOf(object))));
  const shown = tree.nodes.flatMap((node) => {
    const object = live.get(keyOfReference(node));
    return object ? interestIn(object, chainKeys) : [];
  });
  return [
    keyOf(shownBy(application)),
    ...inventory.map(keyOf),
    ...chainKeys,
    ...(chain?.dangling ?? []).map(keyOf),
    ...(takesInputs(workload) ? [interestInProviders(workload.metadata)] : []),
    ...(workload ? lookedAtFor(workload, (id) => workloads.get(keyOf(id))).map(keyOf) : []),
    ...shown,
  ];
}
