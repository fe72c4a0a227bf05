import { describe, expect, test } from "vitest";
import { expand } from "../../../src/follow/substitute/expand.js";

const values: Readonly<Record<string, string | undefined>> = {
  A: "one/two.yaml",
  B: "Blue",
  EMPTY: "",
  SECRET: undefined,
};
const put = (text: string) => expand(text, (name) => (name in values ? values[name] : ""));

describe("expand()", () => {
  test.each([
    ["a ${B} c", "a Blue c"],
    ["$B $ ${GONE}|", "$B $ |"],
    ["$${B} $$", "${B} $"],
    ["${EMPTY:=x} ${EMPTY:-y}${GONE=z} ${B:-w}", "x yz Blue"],
    ["${GONE:=a-${B}-c}", "a-Blue-c"],
    ["${GONE:=}", ""],
    ["${B,} ${B,,} ${B^^} ${EMPTY^}", "blue blue BLUE "],
    ["${#B}", "4"],
    ["${B:1} ${B:1:2} ${B:0:-1} ${B:5}|", "lue lu Blu |"],
    ["${B/l/r} ${A//o/0} ${A/#one/1} ${A/%yaml/yml}", "Brue 0ne/tw0.yaml 1/two.yaml one/two.yml"],
    ["${A/\\//-}", "one-two.yaml"],
    ["${A#*/} ${A##*o} ${A%.*} ${A%%/*}", "two.yaml .yaml one/two one"],
    ["${SECRET} ${SECRET:=x}", "${SECRET} ${SECRET:=x}"],
    ["${GONE:=${SECRET}} ${B:=${SECRET}}", "${GONE:=${SECRET}} Blue"],
  ])("%s", (text, expanded) => expect(put(text).text).toBe(expanded));

  test("names what is not known", () => {
    expect(put("${SECRET} ${B:-${SECRET}} ${GONE}").unknown).toEqual(["SECRET"]);
  });

  test.each(["${", "${}", "${A", "${A B}", "${A-x}", "${A/x}", "${A:}"])("%s is refused", (text) => {
    expect(() => put(text)).toThrow("bad substitution: ${");
  });
});
