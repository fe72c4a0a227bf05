import { Summary } from "../text/summary.js";
import type { Warning } from "./warnings.js";

/** Warnings about many workloads, those that say the same put together. */
export class WarningSummary {
  readonly #summary = new Summary<{ subject: string; warning: Warning }>();

  /** @param workload as `renderId()` writes it */
  add(warning: Warning, workload: string): void {
    this.#summary.add(warning.id, { subject: workload, warning });
  }

  /** "Kustomization a in apps, HelmRelease b in apps and 12 more: it is suspended, so …" */
  lines(): Iterable<string> {
    return this.#summary.tell(
      ({ subject, warning: { text, detail } }) => `${subject}: ${text}${detail ? `: ${detail}` : ""}`,
      ({ warning }, subjects) => `${subjects}: ${warning.text}`,
    );
  }
}
