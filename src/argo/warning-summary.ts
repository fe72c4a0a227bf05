import type { Warning } from "./warnings.js";

/** Up to this many workloads have a line of their own; more share one. */
const namedWarnings = 3;

interface WarningCount {
  warning: Warning;
  count: number;
  /** the first few, with their details */
  first: { workload: string; detail: string | undefined }[];
}

/** Warnings about many workloads, those that say the same put together. */
export class WarningSummary {
  readonly #counts = new Map<string, WarningCount>();

  /** @param workload as `renderId()` writes it */
  add(warning: Warning, workload: string): void {
    const known = this.#counts.get(warning.id) ?? { warning, count: 0, first: [] };
    known.count++;
    if (known.first.length < namedWarnings) known.first.push({ workload, detail: warning.detail });
    this.#counts.set(warning.id, known);
  }

  /** "Kustomization a in apps, HelmRelease b in apps and 12 more: it is suspended, so …" */
  *lines(): Generator<string> {
    for (const { warning, count, first } of this.#counts.values()) {
      if (count <= namedWarnings) {
        for (const { workload, detail } of first)
          yield `${workload}: ${warning.text}${detail ? `: ${detail}` : ""}`;
        continue;
      }
      const [a, b] = first;
      yield `${a?.workload}, ${b?.workload} and ${count - 2} more: ${warning.text}`;
    }
  }
}
