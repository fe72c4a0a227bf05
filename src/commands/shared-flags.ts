import { type ListFormat, listFormats } from "../output/list-view.js";
import { choice, type Flag, text } from "./flag.js";

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
