import { expect, onTestFinished } from "vitest";
import { e2eTest } from "./e2e.js";
import { extensionCrds } from "./extension-crds.js";
import { extensionKinds } from "./extension-kinds.js";
import { generatorCrds } from "./generator.js";
import { run } from "./run.js";
import { treeShown } from "./shown.js";
import { flux } from "./workloads.js";

e2eTest("objects of all kinds that extend Flux are in the page of what applied them", async ({ rig }) => {
  const name = "extension-kinds";
  await rig.cluster.installCrds([...(await extensionCrds()), ...generatorCrds]);
  const objects = extensionKinds(name);
  const written = objects
    // its generator makes it
    .filter(({ kind }) => kind !== "ExternalArtifact")
    .map(({ status: _, ...object }) => JSON.stringify(object));
  const { namespace } = await flux(rig, name, { "app/kinds.yaml": written.join("\n---\n") });
  // other tests would find a Flux that this one describes; Flux takes along what it applied
  onTestFinished(async () => {
    await rig.cluster.delete("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "web", namespace);
    const left = () => rig.cluster.find("fluxcd.controlplane.io/v1", "FluxInstance", "flux", namespace);
    await expect.poll(left).toBeUndefined();
  });
  const configMap = (of: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: of, namespace },
  });
  await rig.cluster.applyAll([...objects, configMap("of-instance"), configMap("of-set")]);
  const canary = await rig.cluster.get("flagger.app/v1beta1", "Canary", "web", namespace);
  const { apiVersion, kind, metadata } = canary;
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" };
  await rig.cluster.apply({
    ...configMap("of-canary"),
    metadata: { name: "of-canary", namespace, ownerReferences: [owner] },
  });

  await run(rig, `generate-app ks/web -n ${namespace} --app-name ${name}`);
  await run(rig, `loopback --once --redis ${rig.redis.address}`);
  const below = "below Kustomization/web";
  expect(await treeShown(rig.argocd(), name)).toEqual([
    `Alert/tells ${below}: -`,
    `ArtifactGenerator/idle ${below}: Suspended`,
    `ArtifactGenerator/maker ${below}: Healthy`,
    `Canary/web ${below}: Healthy`,
    "ConfigMap/of-canary below Canary/web: -",
    "ConfigMap/of-instance below FluxInstance/flux: -",
    "ConfigMap/of-set below ResourceSet/set: -",
    "ExternalArtifact/made below ArtifactGenerator/maker: Healthy",
    `FluxInstance/flux ${below}: Healthy`,
    `FluxReport/flux ${below}: Healthy`,
    "GitRepository/content below nothing: Healthy",
    `ImagePolicy/picks ${below}: Healthy`,
    `ImageRepository/scans ${below}: Healthy`,
    `ImageUpdateAutomation/pushes ${below}: Degraded`,
    "Kustomization/web below GitRepository/content: Healthy",
    `Provider/chat ${below}: -`,
    `Receiver/hears ${below}: Healthy`,
    `ResourceSet/set ${below}: Healthy`,
    `ResourceSetInputProvider/inputs ${below}: Healthy`,
    `Terraform/plans ${below}: Healthy`,
  ]);

  const drawn = await rig.argocd().cli("app", "get", name, "--output", "tree");
  expect(drawn).toMatchObject({ exitCode: 0 });
  for (const { kind: each, metadata: one } of objects)
    expect(drawn.stdout).toContain(`─${each}/${one.name} `);
  for (const below of ["of-canary", "of-instance", "of-set"])
    expect(drawn.stdout).toMatch(new RegExp(`[ │] +└─ConfigMap/${below} `));
});
