import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { component, digest, fl } from "../argo/installed-objects.js";
import { ownClusterTest } from "../cluster/cluster.js";
import { flamingo } from "../flamingo.js";
import { golden } from "../golden.js";
import { installArgo, installFlux, run, stock } from "./check/scene.js";

const schema = JSON.parse(readFileSync("schemas/version.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);

test("version --client asks no cluster", async () => {
  const stdout = "COMPONENT  VERSION  NAMESPACE  DETAIL\nflamingo   dev      -          -\n";
  expect(await flamingo("version --client")).toEqual({ exitCode: 0, stdout, stderr: "" });
  const json = JSON.parse((await flamingo("version --client -o json")).stdout);
  expect(json).toEqual({ items: [{ component: "flamingo", version: "dev" }] });
  expect(validate(json) || validate.errors).toBe(true);
});

test("without a cluster flamingo's own version is shown before the error", async () => {
  const { exitCode, stdout, stderr } = await flamingo("version -o name");
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "flamingo\n" });
  expect(stderr).toMatch(/^✗ Cannot /);
});

describe("of a cluster", () => {
  const versionTest = ownClusterTest(async (cluster) => {
    await installFlux(cluster);
    await installArgo(cluster, fl);
    await installArgo(cluster, stock, "other");
    await cluster.createNamespace("digest");
    await cluster.apply(component("application-controller", digest, { namespace: "digest" }));
  });

  versionTest("shows Kubernetes, Flux and each Argo CD", async ({ cluster }) => {
    for (const format of ["table", "wide", "name", "yaml"]) {
      const { exitCode, stdout } = await run(cluster, `version -o ${format}`);
      expect(exitCode).toBe(0);
      expect(stdout).toBe(golden(`version/${format}.txt`, stdout));
    }
    const { stdout, stderr } = await run(cluster, "version -o json");
    expect(validate(JSON.parse(stdout)) || validate.errors).toBe(true);
    expect(stderr).toBe(golden("version/stderr.txt", stderr));
  });

  versionTest("says what it may not look at", async ({ cluster }) => {
    const { exitCode, stdout, stderr } = await run(cluster, "version", "alice");
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        "COMPONENT   VERSION       NAMESPACE  DETAIL\nflamingo    dev           -          -\nkubernetes  v1.37.2       -          -\nflux        2.8 or newer  -          -\n",
    });
    expect(stderr).toMatch(/^⚠ flamingo cannot list Deployments: .*alice/m);
  });
});
