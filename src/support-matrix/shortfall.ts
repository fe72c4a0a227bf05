import type { Outlook } from "./outlook.js";

/** What the FSA image that runs does not show of a workload, as a sentence; undefined when it shows all. */
export function shortfallOf({ shows, because }: Outlook): string | undefined {
  if (shows === "all") return undefined;
  const what = { part: "not all of it", nothing: "nothing of it", unknown: "perhaps not all of it" }[shows];
  return `the FSA image that runs shows ${what}: ${because}`;
}
