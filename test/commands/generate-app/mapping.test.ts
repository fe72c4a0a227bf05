import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { GeneratedApplication } from "../../../src/argo/application-for.js";
import {
  fluxMinor,
  isSharedMissing,
  ownClusterTest,
  sharedArgoCrds,
  sharedFlux,
  type TestCluster,
} from "../../cluster/cluster.js";
import type { FluxMinor } from "../../cluster/flux-crds.js";
import { fluxMinors } from "../../cluster/flux-crds.js";
import { flamingo } from "../../flamingo.js";
import { objectsOf, type Row, rows } from "./mapping.js";

const engines = ["fsa", "loopback"] as const;

// one minor of each set of served versions
const different: FluxMinor[] = ["0.37", "2.0", "2.2", "2.3", "2.4", "2.6", "2.7", "2.9"];

describe.each(different)("from files written for Flux %s", (minor) => {
  describe.each(rowsOf(minor))("$title", (row) => {
    test.each(engines)("%s", async (engine) => {
      const stdin = objectsOf(row, "files", versionsOf(minor))
        .map((object) => `---\n${stringify(object)}`)
        .join("");
      const run = await flamingo(`generate-app ${row.ref} -n files -f - --engine ${engine}`, { stdin });
      expectRow(row, engine, run);
    });
  });
});

describe.each(different)("from a cluster with Flux %s", (minor) => {
  const clusterTest = ownClusterTest((cluster) => cluster.installCrds(fluxMinor(minor)));

  describe.each(rowsOf(minor).map((row, index) => ({ ...row, index })))("$title", (row) => {
    clusterTest.for(engines)("%s", async (engine, { cluster }) => {
      const namespace = `row-${row.index}`;
      await load(cluster, row, namespace, minor);
      const run = await flamingo(`generate-app ${row.ref} -n ${namespace} --export --engine ${engine}`, {
        kubeconfig: cluster.kubeconfig(),
      });
      expectRow(row, engine, run);
    });
  });
});

const argoTags = ["v2.10.5", "v3.5.1"] as const;
const shared = ["flux/v2.9.3", ...argoTags.map((tag) => `argo-cd/${tag}`)];

describe.skipIf(isSharedMissing(...shared)).each(argoTags)(
  "with the real CRDs of Flux v2.9.3 and Argo CD %s",
  (tag) => {
    const clusterTest = ownClusterTest(async (cluster) => {
      await cluster.installCrds(sharedFlux("v2.9.3"));
      // of source-watcher, which is an extra component
      await cluster.installCrds(
        fluxMinor("2.9").filter(({ metadata }) => metadata.name.startsWith("artifactgen")),
      );
      await cluster.installCrds(sharedArgoCrds(tag, ["application", "appproject"]));
      await cluster.createNamespace("argocd");
    });

    describe.each(rows.map((row, index) => ({ ...row, index })))("$title", (row) => {
      clusterTest.for(engines)(
        "%s: what is printed is accepted, what is applied stays",
        async (engine, { cluster }) => {
          const namespace = `row-${row.index}`;
          await load(cluster, row, namespace, "2.9");
          const kubeconfig = cluster.kubeconfig();
          const line = `generate-app ${row.ref} -n ${namespace} --engine ${engine} --app-name ${namespace}-${engine}`;

          const printed = await flamingo(`${line} --export`, { kubeconfig });
          expectRow(row, engine, printed);
          await expectAccepted(cluster, printed.stdout);

          const name = `application.argoproj.io/${namespace}-${engine}`;
          const dry = await flamingo(`${line} --dry-run=server`, { kubeconfig });
          expect(dry).toMatchObject({ exitCode: 0, stdout: `${name} created (server dry run)\n` });
          expect(await flamingo(line, { kubeconfig })).toMatchObject({
            exitCode: 0,
            stdout: `${name} created\n`,
          });
          expect(await flamingo(line, { kubeconfig })).toMatchObject({
            exitCode: 0,
            stdout: `${name} unchanged\n`,
          });
          expect(await flamingo(`${line} --diff`, { kubeconfig })).toMatchObject({ exitCode: 0, stdout: "" });
          const again = await flamingo(`${line} --dry-run=server`, { kubeconfig });
          expect(again.stdout).toBe(`${name} unchanged (server dry run)\n`);
        },
      );
    });
  },
);

function expectRow(
  row: Row,
  engine: "fsa" | "loopback",
  run: { exitCode: number; stdout: string; stderr: string },
) {
  expect(run.stderr).not.toContain("✗");
  expect(run.exitCode).toBe(0);
  const [application, ...others] = loadAll(run.stdout) as GeneratedApplication[];
  expect(others).toEqual([]);
  expect(application?.spec.source).toEqual(row[engine]);
  expect(application?.spec.syncPolicy.syncOptions).toEqual(
    engine === "fsa" ? ["ApplyOutOfSyncOnly=true", "FluxSubsystem=true"] : ["ApplyOutOfSyncOnly=true"],
  );
  expect(application?.metadata.annotations?.["argocd.argoproj.io/skip-reconcile"]).toBe(
    engine === "loopback" ? "true" : undefined,
  );
  const warnings = [
    ...(row.warning?.[engine] ? [row.warning[engine]] : []),
    // of the example's names, "app" is the release's, too
    ...(engine === "fsa" && application?.spec.source.helm?.releaseName === application?.metadata.name
      ? ["its Application is named like the Helm release"]
      : []),
  ];
  for (const warning of warnings) expect(run.stderr).toContain(warning);
  expect(run.stderr.split("⚠").length - 1).toBe(warnings.length);
}

/** Applied by the API server's own YAML reader, as kubectl would have it. */
async function expectAccepted(cluster: TestCluster, yaml: string) {
  const name = /^ {2}name: (\S+)$/m.exec(yaml)?.[1];
  const path = `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`;
  const query = "fieldManager=kubectl&dryRun=All&fieldValidation=Strict";
  const answer = await cluster.request("PATCH", `${path}?${query}`, yaml, {
    "content-type": "application/apply-patch+yaml",
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

async function load(cluster: TestCluster, row: Row, namespace: string, minor: FluxMinor) {
  await cluster.createNamespace(namespace);
  await cluster.createNamespace(`${namespace}-other`);
  await cluster.applyAll(objectsOf(row, namespace, versionsOf(minor)));
}

/** The rows that a minor of Flux knows. */
function rowsOf(minor: FluxMinor): Row[] {
  return rows.filter(({ since = "0.37" }) => fluxMinors.indexOf(since) <= fluxMinors.indexOf(minor));
}

/** The version in which a minor of Flux stores each kind. */
function versionsOf(minor: FluxMinor): Record<string, string> {
  return Object.fromEntries(
    fluxMinor(minor).map((crd) => {
      const { names, versions } = crd["spec"] as {
        names: { kind: string };
        versions: { name: string; storage: boolean }[];
      };
      return [names.kind, versions.find(({ storage }) => storage)?.name ?? ""];
    }),
  );
}
