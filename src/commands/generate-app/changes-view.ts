import type { Change } from "../../applications/changes.js";
import { renderId } from "../../kube/object-id.js";
import type { ListView } from "../../output/list-view.js";
import { longestComment, markdownCode, markdownLines, markdownTable } from "../../output/markdown.js";
import { counted } from "../../text/counted.js";

export const changesView: ListView<Change> = {
  columns: {
    CHANGE: ({ change }) => change,
    APPLICATION: ({ name }) => name,
    WORKLOAD: ({ workload }) => renderId(workload),
    WHAT: (change) => tell(change, (text) => text).join(", "),
  },
  name: ({ name }) => name,
  empty: "No Application changes",
};

/**
 * The changes as a comment on a pull request, in Markdown.
 *
 * @param unread how many things could not be read: who sees the comment need not see what was said of them
 */
export function changesAsMarkdown(changes: readonly Change[], unread: number): string {
  const remark = `**${counted(unread, "thing", "things")} could not be read**, so this may not be all: see the output of the job.\n\n`;
  const start = `### Applications: ${summaryOf(changes)}\n\n${unread > 0 ? remark : ""}`;
  if (changes.length === 0) return `${start.trimEnd()}\n`;
  const rows = changes.map((change) => [
    change.change,
    markdownCode(change.name),
    `${change.workload.kind} ${markdownCode(`${change.workload.namespace}/${change.workload.name}`)}`,
    markdownLines(tell(change, markdownCode)),
  ]);
  const heads = ["Change", "Application", "Workload", "What"];
  const more = (count: number) => `${count} more have no room here: see the output of the job.`;
  return start + markdownTable(heads, rows, longestComment - start.length, more);
}

/** "1 removed, 2 changed" */
function summaryOf(changes: readonly Change[]): string {
  const counts = new Map<string, number>();
  for (const { change } of changes) counts.set(change, (counts.get(change) ?? 0) + 1);
  return [...counts].map(([change, count]) => `${count} ${change}`).join(", ") || "no change";
}

/** Which fields change, else where the content lies. @param quote how texts of the repository are written */
function tell({ before, after, fields }: Change, quote: (text: string) => string): string[] {
  const one = before && after ? undefined : (after ?? before);
  if (one) {
    const { path, chart = "", repoURL, targetRevision } = one.spec.source;
    return [`${quote(path ?? chart)} of ${quote(repoURL)} at ${quote(targetRevision)}`];
  }
  const written = (value: unknown) =>
    value === null ? "none" : quote(typeof value === "string" ? value : JSON.stringify(value));
  return fields.map((field) => `${quote(field.field)}: ${written(field.before)} → ${written(field.after)}`);
}
