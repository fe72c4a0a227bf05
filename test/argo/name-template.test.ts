import { expect, test } from "vitest";
import { shortName } from "../../src/argo/name-template.js";

const x = (count: number) => "x".repeat(count);

test.each([
  ["apps-web-ks", "apps-web-ks"],
  [x(63), x(63)],
  // printf %s NAME | sha256sum | cut -c -12
  [x(64), `${x(50)}-7ce100971f64`],
  [
    "flux-giant-tenant-appcatalog-acme-operations-platform-test-long-hr",
    "flux-giant-tenant-appcatalog-acme-operations-platf-8e6bd118e823",
  ],
  [`${x(47)}.-.${x(20)}`, `${x(47)}-31329086faf6`],
])("shortName() of %s is %s", (name, short) => expect(shortName(name)).toBe(short));
