import type { Application } from "../../argo/application.js";
import type { UserError } from "../../errors.js";
import type { Workload } from "../../flux/workload.js";

/** An Application that `--auto` created, or deleted since its workload is gone; with `--dry-run`: would have. */
export interface AutoChange {
  application: { namespace: string; name: string };
  auto: "created" | "deleted";
  workload: Pick<Workload, "kind" | "namespace" | "name">;
}

export interface AutoListener {
  auto(change: AutoChange): void;
  /** a workload gets no Application, or one could not be created or deleted; the same is told once */
  undone(error: UserError): void;
  /** a sentence */
  remark(text: string): void;
}

export function changeOf(
  auto: AutoChange["auto"],
  { metadata }: Application,
  { kind, namespace, name }: AutoChange["workload"],
): AutoChange {
  const application = { namespace: metadata.namespace ?? "", name: metadata.name };
  return { application, auto, workload: { kind, namespace, name } };
}
