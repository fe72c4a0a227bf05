import { type ListFormat, listFormats } from "../output/list-view.js";
import { choice, type Flag, text, toggle } from "./flag.js";

/** Flags that mean the same in several commands. */

/** `-o` of a command whose result is a list. */
export const listOutput = {
  ...choice("-o, --output <format>", listFormats, `${listFormats.join(", ")} (default table)`),
  default: "table",
} satisfies Flag<ListFormat>;

export const matrixIndex = text(
  "--index <file|url>",
  "support matrix to read instead of the one that comes with flamingo",
);

/** Of commands that apply objects. */
export const applyFlags = {
  diff: toggle("--diff", "print what would change on the cluster; exit code 4 when anything would"),
  dryRun: {
    ...choice(
      "--dry-run <client|server>",
      ["client", "server"],
      "only tell what would be done (bare: client)",
    ),
    bare: "client",
  } satisfies Flag<"client" | "server">,
};
