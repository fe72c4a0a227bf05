import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isKnownRepository, normalizeRepository } from "../../src/argo/repositories.js";
import { goRun, NoPrograms } from "../cluster/go-build.js";

/** Each is asked of Go, too. */
const normalized: readonly (readonly [url: string, normalized: string])[] = [
  ["https://GITHUB.com/Argoproj/Test.git", "https://github.com/argoproj/test"],
  [" https://github.com/a/b\n", "https://github.com/a/b"],
  ["https://github.com/a/b/", "https://github.com/a/b/"],
  ["https://host:4443/a.git", "https://host:4443/a"],
  ["git@github.com:a/b.git", "git@github.com/a/b"],
  ["ssh://git@github.com/a/b.git", "git@github.com/a/b"],
  ["ssh://git@host:22/a/b", "git@host:22/a/b"],
  ["ssh://git@host:a/b", ""],
  ["https://host/a b.git", "https://host/a%20b"],
  ["https://host/a%20b", "https://host/a%20b"],
  ["https://host/%C3%BC", "https://host/%c3%bc"],
  ["https://host/Ü", "https://host/%C3%BC"],
  ["https://host/%2fü!(x)", "https://host//%C3%BC%21%28x%29"],
  ["https://host/a(b)!*[c]", "https://host/a(b)!*[c]"],
  ["https://host/{a,b}/*", "https://host/%7Ba,b%7D/%2A"],
  ["https://host/%zz", ""],
  ["https://host/a\tb", ""],
  ["https://höst/a", "https://h%C3%B6st/a"],
  ["https://h%c3%b6st/a", "https://h%C3%B6st/a"],
  ["https://h%20st/a", ""],
  ["https://h st/a", ""],
  ["https://*.example.com/*", "https://*.example.com/*"],
  ["https://a:b:1/c", ""],
  ["https://[2001:db8::1]:443/a", "https://[2001:db8::1]:443/a"],
  ["https://u%40x:p%2f!@host/a", "https://u%40x:p%2F%21@host/a"],
  ["https://u{x@host/a", ""],
  ["https://host/a?b c#", "https://host/a?b c"],
  ["oci://registry.example/charts", "oci://registry.example/charts"],
  ["registry.example:5000/charts x", "registry.example:5000/charts x"],
  ["10.0.0.1:5000/charts", ""],
  ["registry/charts x", "registry/charts%20x"],
  ["file:///srv/a b", "file:///srv/a%20b"],
  ["/srv/a b.git", "/srv/a%20b"],
  ["*", "*"],
  ["", ""],
];

test.each(normalized)("normalizeRepository(%j)", (url, expected) =>
  expect(normalizeRepository(url)).toBe(expected),
);

test("Go says the same", async ({ skip }) => {
  const folder = fileURLToPath(new URL("../go/url", import.meta.url));
  const answer = await goRun(folder, JSON.stringify(normalized.map(([url]) => url))).catch((error) => {
    if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
    return skip(error.message);
  });
  expect(JSON.parse(answer)).toEqual(normalized.map(([, expected]) => expected));
}, 300_000);

test.each([
  ["https://host/a%20b", "repository", "", true],
  ["https://host/a b.git", "repository", "shop", true],
  ["https://host/a b", "repository", "web", false],
  ["https://host/a", "repo-creds", "", true],
  ["https://host/b", "repo-creds", "", false],
  ["https://host/%zz", "repo-creds", "", false],
  ["https://host/%zz", "repository", "", false],
] as const)("isKnownRepository() by %s of the type %s, for the project %j", (url, type, project, expected) =>
  expect(isKnownRepository([{ url, type, project }], { url: "https://host/a b", project: "shop" })).toBe(
    expected,
  ),
);
