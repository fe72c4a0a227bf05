import { expect, test } from "vitest";
import { keptFlags, type Options, wishFor } from "../../../src/commands/install/request.js";
import type { Kept } from "../../../src/install/record.js";
import { candidate, matrix } from "../../support-matrix/data.js";

const image = candidate("v2.8.4-fl.21-main-6c72e98c");
const before: Kept = { mode: "tenant", anonymous: true, registry: "r.example", pullSecret: "pull" };

test.each<[flags: Partial<Options>, Kept, wish: object, told: string[]]>([
  [{}, {}, { mode: "all", anonymous: false, registry: undefined, pullSecret: undefined }, []],
  [
    {},
    before,
    {
      ...before,
      image: "r.example/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
    },
    ["--mode tenant", "--anonymous", "--registry r.example", "--image-pull-secret pull"],
  ],
  [
    { mode: "all", anonymous: false, registry: "", imagePullSecret: "" },
    before,
    {
      mode: "all",
      anonymous: false,
      registry: undefined,
      pullSecret: undefined,
      image: "ghcr.io/flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c",
    },
    [],
  ],
  [{ registry: "other.example" }, { registry: "r.example" }, { registry: "other.example" }, []],
])("%o after %o", (flags, kept, wish, told) => {
  const options = flags as Options;
  expect(wishFor(options, kept, "argocd", image, matrix)).toMatchObject(wish);
  expect(keptFlags(options, kept)).toEqual(told);
});
