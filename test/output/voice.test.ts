import { expect, test } from "vitest";
import { Voice } from "../../src/output/voice.js";
import { captured } from "./captured.js";

test("a failure is a sentence and a hint, whatever a controller's message ends with", () => {
  const stderr = captured();
  new Voice({ stderr, env: {} }).failure("Cannot wait: dry-run failed\n", "Look at it");
  expect(stderr.stream.text).toBe("✗ Cannot wait: dry-run failed\n  hint: Look at it\n");
});
