import { expectTypeOf, test } from "vitest";
import type { CommandOptions } from "../../src/commands/command.js";
import { choice, type Flag, text } from "../../src/commands/flag.js";

test("options are typed by the command's own flags, and by the global ones", () => {
  const flags = {
    // global, too: the command's own counts
    timeout: text("--timeout <word>", "own"),
    mode: { ...choice("--mode <mode>", ["a", "b"], "own"), default: "a" } satisfies Flag<"a" | "b">,
  };
  type Options = CommandOptions<typeof flags>;
  expectTypeOf<Options["timeout"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Options["mode"]>().toEqualTypeOf<"a" | "b">();
  expectTypeOf<Options["requestTimeout"]>().toEqualTypeOf<number | undefined>();
});
