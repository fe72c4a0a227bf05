import { basename } from "node:path";
import { commands } from "../commands/index.js";

/** What one types to run flamingo: another name where kubectl runs it as its plugin. */
export type Program = "flamingo" | "kubectl flamingo";

/** @param file that was started: ".../bin/kubectl-flamingo" */
export function programOf(file = ""): Program {
  return basename(file).startsWith("kubectl-flamingo") ? "kubectl flamingo" : "flamingo";
}

/** A text for people, its command lines as they are to be typed: "flamingo check" → "kubectl flamingo check". */
export function asTyped(text: string, program: Program): string {
  return program === "flamingo" ? text : text.replace(commandLine(), program);
}

/** Where flamingo is told to do something; the name alone is that of the program. */
function commandLine(): RegExp {
  const words = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  return new RegExp(
    `(?<![\\w./-]|kubectl )flamingo(?= (?:COMMAND|--[a-z]|(?:${words.join("|")})(?![\\w-])))`,
    "g",
  );
}
