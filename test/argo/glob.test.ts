import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { globMatcher, isUnreadableExpression, namespaceMatcher } from "../../src/argo/glob.js";
import { pathMatcher } from "../../src/text/path-pattern.js";

test.each([
  ["*", "a/b", true],
  ["team-*", "team-a", true],
  ["team-*", "my-team-a", false],
  ["te?m", "team", true],
  ["{team-a,team-b}", "team-b", true],
  ["{team-a,team-b}", "team-c", false],
  ["a,b", "a,b", true],
  ["[ab]*", "beta", true],
  ["[!ab]*", "beta", false],
  ["a.c", "abc", false],
  ["a\\*", "a*", true],
  ["a\\*", "ab", false],
  ["{a", "a", false],
  ["[a", "a", false],
  ["", "", true],
  ["", "a", false],
  // of the tests of gobwas/glob 1.0.0
  ["**is**a***test*", "this is a test", true],
  ["{abc,abcd}a", "abcda", true],
  ["{a,ab}{bc,f}", "abc", true],
  ["{*.,}google*", "a.google.com", true],
  ["{*.,}google*", "agoogle.com", false],
  ["*//{,*.}example.com", "https://example.com", true],
  ["/{rate,[0-9][0-9][0-9]}*", "/rate", true],
  ["{{a,b}c,d}", "bc", true],
  ["{}a", "a", true],
  ["br*r", "br", false],
  ["ångstr[ö]m", "ångström", true],
  ["1?ö5", "1😀ö5", true],
  ["a}b", "a}b", true],
  ["[!a]", "", false],
  ["[a-c]", "b", true],
  ["[!a-c]", "b", false],
  ["[-a]", "-", true],
  ["[\\]a]", "]", true],
  ["{a\\,b,c}", "a,b", true],
  // what it refuses
  ["[]a]", "]", false],
  ["[!]", "!", false],
  ["[c-a]", "b", false],
  ["[a-cx]", "b", false],
  ["a\\", "a\\", false],
  ["a{b", "a{b", false],
])("the glob %s and %s: %s", (pattern, text, matches) => expect(globMatcher(pattern)(text)).toBe(matches));

test.each([
  ["https://github.com/*", "https://github.com/org", true],
  ["https://github.com/*", "https://github.com/org/repo", false],
  ["https://github.com/**", "https://github.com/org/repo", true],
])("the glob %s with separators and %s: %s", (pattern, text, matches) => {
  expect(globMatcher(pattern, "/")(text)).toBe(matches);
});

test.each([
  ["*", "Deployment", true],
  ["Cluster*", "ClusterRole", true],
  ["*.k8s.io", "networking.k8s.io", true],
  ["[A-D]*", "Deployment", true],
  ["[^A-D]*", "Deployment", false],
  ["{a,b}", "a", false],
  ["[", "[", false],
  ["a\\", "a", false],
  ["a/*", "a/b", true],
  ["*", "a/b", false],
  ["a?c", "a/c", false],
  ["[a-cx]", "x", true],
  ["[^a-cx]", "x", false],
  ["[c-a]", "b", false],
  ["[\\-\\]]", "]", true],
  ["[-a]", "a", false],
  ["[a-]", "a", false],
  ["[]a]", "a", false],
])("the pattern %s and %s: %s", (pattern, text, matches) => expect(pathMatcher(pattern)(text)).toBe(matches));

test.each([
  ["team-*", "team-a", true],
  ["/^team-[ab]$/", "team-a", true],
  ["/am-a/", "team-a", true],
  ["/^team-[ab]$/", "team-c", false],
  ["/(/", "(", false],
  ["//", "team-a", false],
  ["/^(?!prod)/", "team-a", false],
  ["/(a*)*b/", "a".repeat(63), false],
])("the namespace pattern %s and %s: %s", (pattern, text, matches) => {
  expect(namespaceMatcher(pattern)(text)).toBe(matches);
});

test.each([
  ["team-*", false],
  ["/^team-[ab]$/", false],
  ["/(/", true],
  ["/^(?!prod)/", true],
  ["/(a)\\1/", true],
])("the namespace pattern %s cannot be read: %s", (pattern, isUnreadable) =>
  expect(isUnreadableExpression(pattern)).toBe(isUnreadable),
);

describe("no pattern and no text", () => {
  test.each([
    ["*-*-*-prod", "-".repeat(2000)],
    ["*a*a*a*a*a*a*b", "a".repeat(1000)],
    ["{a,a}".repeat(200), "a".repeat(200).concat("b")],
    ["{".repeat(10_000) + "}".repeat(10_000), "a"],
    ["[".repeat(100_000), "a"],
  ])("makes it start over: %#", (pattern, text) => {
    const start = performance.now();
    for (const matcher of [globMatcher, pathMatcher]) expect(matcher(pattern)(text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  const signs = fc.string({ unit: fc.constantFrom(..."ab-*?{,}[]!^\\/ö😀"), maxLength: 20 });
  test("makes it throw", () =>
    fc.assert(
      fc.property(fc.oneof(signs, fc.string({ unit: "binary" })), signs, (pattern, text) => {
        const matchers = [globMatcher(pattern), globMatcher(pattern, "/"), pathMatcher(pattern)];
        return matchers.every((matches) => typeof matches(text) === "boolean");
      }),
    ));

  test("is anything but itself where it means itself", () =>
    fc.assert(
      fc.property(signs, signs, (meant, text) => {
        const pattern = meant.replace(/./gu, "\\$&");
        return [globMatcher(pattern, "/"), pathMatcher(pattern)].every(
          (matches) => matches(meant) && matches(text) === (meant === text),
        );
      }),
    ));
});
