import { expect, test } from "vitest";
import { argoHas, newerThanKnown, newestKnownArgo } from "../../src/argo/versions.js";

test.each([
  ["3.3.9", false],
  ["3.4.0", true],
  ["4.0.0", true],
  // one that is not known counts as the newest
  [undefined, true],
])("argoHas() of %s: %s", (release, has) => expect(argoHas("isMissingAsAWhole", release)).toBe(has));

test.each([
  ["2.14.21", undefined],
  [`${newestKnownArgo}.99`, undefined],
  ["99.0.1", `Argo CD 99.0.1 is newer than all that this flamingo knows: it is taken for ${newestKnownArgo}`],
])("newerThanKnown() of %s", (release, why) => expect(newerThanKnown(release)).toBe(why));
