import { expect, test } from "vitest";
import { Progress } from "../../src/output/progress.js";
import { captured } from "./captured.js";

const terminal = () => ({ ...captured(), isTTY: true, columns: 12 });

test("several lines are written over, however many there were, and taken away", () => {
  const screen = terminal();
  const progress = new Progress(screen, {});
  progress.update("one", "two", "longer than the screen");
  progress.update("one");
  progress.clear();
  progress.clear();
  expect(screen.stream.text).toBe("\r\x1b[2Kone\ntwo\nlonger than\x1b[2A\r\x1b[J\r\x1b[2Kone\r\x1b[2K");
});

test("a line never takes two, however wide its characters are", () => {
  const screen = terminal();
  new Progress(screen, {}).update("全部都准备好了吗");
  expect(screen.stream.text).toBe("\r\x1b[2K全部都准备");
});

test("nothing is written where nobody looks", () => {
  const screen = captured();
  const progress = new Progress(screen, {});
  progress.update("one", "two");
  progress.clear();
  expect(screen.stream.text).toBe("");
});
