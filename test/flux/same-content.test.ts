import { expect, test } from "vitest";
import { holdSame } from "../../src/flux/same-content.js";
import { flux, git } from "../builders/flux.js";

const at = (url: string, ref: object = { branch: "main" }) => git("src", { url, ref });

test.each([
  "https://git.example/Team/fleet.git",
  "https://user:word@git.example/team/fleet/",
  "ssh://git@git.example/team/fleet",
  "ssh://git@git.example:22/team/fleet.git",
  "git@git.example:team/fleet.git",
])("%s is https://git.example/team/fleet", (url) => {
  expect(holdSame(at(url), at("https://git.example/team/fleet", { name: "refs/heads/main" }))).toBe(true);
});

test.each([
  at("https://git.example/team/other"),
  at("https://git.example:8443/team/fleet"),
  at("https://git.example/team/fleet", { branch: "next" }),
  flux("OCIRepository", "src", { url: "oci://git.example/team/fleet", ref: { tag: "main" } }),
  git("src", { url: undefined }),
])("something else", (other) => {
  expect(holdSame(at("https://git.example/team/fleet"), other)).toBe(false);
});
