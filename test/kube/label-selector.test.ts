import { expect, test } from "vitest";
import { labelSelectorFrom, parseLabelSelector } from "../../src/kube/label-selector.js";

const labels = { team: "web", tier: "1", "app.kubernetes.io/name": "x", empty: "" };

test.each([
  ["team=web", true],
  ["team==web", true],
  ["team = web", true],
  ["team=db", false],
  ["team!=web", false],
  ["team!=db", true],
  ["missing!=db", true],
  ["missing=", false],
  ["empty=", true],
  ["team", true],
  ["missing", false],
  ["!missing", true],
  ["!team", false],
  ["team in (web)", true],
  ["team in (db, web)", true],
  ["team in (db)", false],
  ["missing in (db)", false],
  ["team notin (db)", true],
  ["team notin (db,web)", false],
  ["missing notin (db)", true],
  ["team=web,tier=1", true],
  ["team=web,tier=2", false],
  ["team in (a,web),tier notin (2,3),!missing", true],
  ["app.kubernetes.io/name=x", true],
  // what every object of JavaScript has by birth is no label
  ["constructor", false],
  ["!toString", true],
  ["constructor!=x", true],
])("-l '%s' fits: %s", (text, fits) => expect(parseLabelSelector(text)?.(labels)).toBe(fits));

test.each([
  "",
  "=",
  "team=web,",
  ",team",
  "team=web tier=1",
  "team in web",
  "team in ()",
  "team in (",
  "a=b=c",
  "-a",
  "a=ö",
  "!",
])("-l '%s' is none", (text) => expect(parseLabelSelector(text)).toBeUndefined());

const expression = (operator: string, ...values: string[]) => ({
  matchExpressions: [{ key: "a", operator, ...(values.length > 0 ? { values } : {}) }],
});

test.each<[selector: unknown, labels: Record<string, string>, fits: boolean | undefined]>([
  [{}, {}, true],
  [{ matchLabels: { a: "1", b: "2" } }, { a: "1", b: "2", c: "3" }, true],
  [{ matchLabels: { a: "1", b: "2" } }, { a: "1" }, false],
  [{ matchLabels: { constructor: "1" } }, {}, false],
  [expression("In", "1", "2"), { a: "2" }, true],
  [expression("In", "1"), {}, false],
  [expression("NotIn", "1"), {}, true],
  [expression("NotIn", "1"), { a: "1" }, false],
  [expression("Exists"), { a: "" }, true],
  [expression("DoesNotExist"), { a: "" }, false],
  [expression("Exists", "1"), {}, undefined],
  [expression("In"), {}, undefined],
  [expression("Near", "1"), {}, undefined],
  [{ matchExpressions: [5] }, {}, undefined],
  [{ matchLabels: [] }, {}, undefined],
  ["a=b", {}, undefined],
])("labelSelectorFrom(%j) and %j: %s", (selector, labels, fits) => {
  expect(labelSelectorFrom(selector)?.(labels)).toBe(fits);
});

test("labelSelectorFrom() takes no more expressions than can be tried on thousands of objects", () => {
  const matchExpressions = Array.from({ length: 101 }, (_, index) => ({
    key: `k${index}`,
    operator: "Exists",
  }));
  expect(labelSelectorFrom({ matchExpressions: matchExpressions.slice(1) })).toBeDefined();
  expect(labelSelectorFrom({ matchExpressions })).toBeUndefined();
});
