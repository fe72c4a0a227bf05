import { expect, test } from "vitest";
import { remembered } from "../src/remembered.js";

test("each key is asked for once, and nothing is an answer, too", () => {
  const asked: string[] = [];
  const lengthOf = remembered(
    (text: string) => text.toLowerCase(),
    (text) => {
      asked.push(text);
      return text === "" ? undefined : text.length;
    },
  );
  expect([lengthOf("Web"), lengthOf("web"), lengthOf(""), lengthOf("")]).toEqual([
    3,
    3,
    undefined,
    undefined,
  ]);
  expect(asked).toEqual(["Web", ""]);
});
