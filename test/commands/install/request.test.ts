import { expect, test } from "vitest";
import { droppedImage, keptFlags, type Options, wishFor } from "../../../src/commands/install/request.js";
import { newPlace } from "../../../src/install/engine-place.js";
import type { InstallPlan } from "../../../src/install/plan/install-plan.js";
import type { Kept } from "../../../src/install/record.js";
import { version } from "../../../src/version.js";
import { candidate, matrix } from "../../support-matrix/data.js";

const chosen = {
  candidate: candidate("v2.8.4-fl.21-main-6c72e98c"),
  level: "full" as const,
  reasons: [],
  limits: [],
  verdicts: [],
};
const said = { says: [], warnings: [] };
const fsa: InstallPlan = { argo: { is: "fsa", argocd: "v2.8.4", chosen }, ...said };
const stock: InstallPlan = { argo: { is: "stock", argocd: "v3.6.1" }, engine: { auto: {} }, ...said };
const beside: InstallPlan = { engine: { auto: undefined }, ...said };
const image = "flux-subsystem-argo/fsa/argocd:v2.8.4-fl.21-main-6c72e98c";
const own = `ghcr.io/flux-subsystem-argo/flamingo:${version}`;
const ofOurs: Kept = { argocd: "v3.6.1", image: "mirror/argocd:v3.6.1" };
const before: Kept = { mode: "tenant", anonymous: true, registry: "r.example", pullSecret: "pull" };

test.each<[InstallPlan, flags: Partial<Options>, Kept, wish: object, told: string[]]>([
  [
    fsa,
    {},
    {},
    {
      mode: "all",
      anonymous: false,
      ha: false,
      registry: undefined,
      pullSecret: undefined,
      engine: undefined,
    },
    [],
  ],
  [
    fsa,
    {},
    before,
    { ...before, image: `r.example/${image}` },
    ["--mode tenant", "--anonymous", "--registry r.example", "--image-pull-secret pull"],
  ],
  [
    fsa,
    { mode: "all", anonymous: false, registry: "", imagePullSecret: "" },
    before,
    { mode: "all", anonymous: false, registry: undefined, pullSecret: undefined, image: `ghcr.io/${image}` },
    [],
  ],
  [fsa, { registry: "other.example" }, { registry: "r.example" }, { registry: "other.example" }, []],
  [
    fsa,
    {},
    { argocd: "v2.8.4", image: `mirror/${image}` },
    { image: `mirror/${image}` },
    [`--image mirror/${image}`],
  ],
  [stock, {}, ofOurs, { image: ofOurs.image }, [`--image ${ofOurs.image}`]],
  [stock, {}, { argocd: "v3.6.1", image: `ghcr.io/${image}` }, { image: undefined }, []],
  // with the Argo CD that it was named for
  [stock, { version: "v3.6.1" }, ofOurs, { image: ofOurs.image }, [`--image ${ofOurs.image}`]],
  [stock, { registry: "r.example" }, ofOurs, { image: ofOurs.image }, [`--image ${ofOurs.image}`]],
  [stock, {}, { ...ofOurs, argocd: "v3.5.7" }, { image: undefined }, []],
  [stock, { image: "" }, ofOurs, { image: undefined }, []],
  // what flamingo gave it moves with the registry
  [
    fsa,
    { registry: "s.example" },
    { argocd: "v2.8.4", image: `r.example/${image}`, registry: "r.example" },
    { image: `s.example/${image}` },
    [],
  ],
  [stock, {}, {}, { argocd: "v3.6.1", image: undefined, engine: { image: own, auto: {}, ha: false } }, []],
  [
    stock,
    { ha: true, registry: "r.example", imagePullSecret: "pull", serviceMonitor: true },
    {},
    {
      ha: true,
      image: undefined,
      engine: {
        image: `r.example/flux-subsystem-argo/flamingo:${version}`,
        pullSecret: "pull",
        ha: true,
        serviceMonitor: true,
      },
    },
    [],
  ],
  [
    stock,
    {},
    { mode: "all", ha: true, auto: false, project: "flux", serviceMonitor: true },
    { ha: true, engine: { ha: true, serviceMonitor: true } },
    ["--ha", "--project flux", "--no-auto", "--service-monitor"],
  ],
  [stock, { ha: false }, { ha: true }, { ha: false }, []],
  [stock, { cascade: "flux" }, {}, { engine: { cascade: true } }, []],
  [stock, {}, { cascade: "flux" }, { engine: { cascade: true } }, ["--cascade flux"]],
  [stock, { cascade: "none" }, { cascade: "flux" }, { engine: { cascade: false } }, []],
  [stock, { shards: 3 }, {}, { engine: { shards: 3 } }, []],
  [stock, {}, { shards: 3 }, { engine: { shards: 3 } }, ["--shards 3"]],
  [stock, { shards: 1 }, { shards: 3 }, { engine: { shards: 1 } }, []],
  [stock, { flamingoImage: "a/flamingo:1" }, {}, { engine: { image: "a/flamingo:1" } }, []],
  [stock, {}, { flamingoImage: "a/flamingo:1" }, { engine: { image: "a/flamingo:1" } }, []],
  [
    stock,
    {},
    { flamingoImage: "a/flamingo:0.9.0", flamingo: "0.9.0" },
    { engine: { image: `a/flamingo:${version}` } },
    [],
  ],
  [
    stock,
    {},
    { flamingoImage: "ghcr.io/flux-subsystem-argo/flamingo:0.9.0", flamingo: "0.9.0" },
    { engine: { image: own } },
    [],
  ],
  [
    beside,
    {},
    { mode: "all", auto: false },
    { mode: "all", argocd: undefined, image: undefined, anonymous: false, engine: { auto: undefined } },
    [],
  ],
])("%o, %o after %o", (plan, flags, kept, wish, told) => {
  const options = flags as Options;
  const place = { namespace: "argocd", matrix, kept, engine: newPlace };
  const wished = wishFor(options, plan, place);
  expect(wished).toMatchObject(wish);
  expect(keptFlags(options, plan, wished, place)).toEqual(told);
});

test.each<[flags: Partial<Options>, Kept, dropped: string | undefined]>([
  [{}, ofOurs, undefined],
  [
    {},
    { ...ofOurs, argocd: "v3.5.7" },
    "The image mirror/argocd:v3.6.1 does not stay: it was named for Argo CD v3.5.7",
  ],
  [{ image: "mirror/argocd:other" }, { ...ofOurs, argocd: "v3.5.7" }, undefined],
  [{}, { argocd: "v2.8.4", image: `ghcr.io/${image}` }, undefined],
])("with %o, of an image that was named before, %o: %s", (flags, kept, dropped) => {
  const options = flags as Options;
  const place = { namespace: "argocd", matrix, kept, engine: newPlace };
  expect(droppedImage(options, wishFor(options, stock, place), place)).toBe(dropped);
});
