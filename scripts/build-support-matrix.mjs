// Builds support-matrix.json: node scripts/build-support-matrix.mjs [DATA_FOLDER] [OUTPUT|-]
// The form is described by schemas/support-matrix.schema.json, the sources by the data's own "about" and "note".
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stdout } from "node:process";
import { advisoriesFrom } from "./support-matrix/advisories.mjs";

const repository = resolve(import.meta.dirname, "..");
const [data = join(repository, "../shared/facts/data"), output = join(repository, "support-matrix.json")] =
  process.argv.slice(2);

const read = (name) => readFileSync(join(data, name), "utf8");

/** What an image can do: the data's names and ours. */
const abilities = {
  workload_name_label: "workloadNameLabel",
  override_replace_annotations: "overrideAnnotations",
  autocreate_kustomization: "createKustomization",
  autocreate_helm: "createHelmRelease",
  autocreate_oci: "createOci",
  helmrelease_health: "helmReleaseHealth",
  helmrepository_oci_static_health: "ociHelmRepositoryHealth",
  ocirepository_health: "ociRepositoryHealth",
};

function profileFrom({ lookup, tree_owner, generated, features }) {
  const unknown = Object.keys(features).filter((name) => !(name in abilities));
  if (unknown.length > 0) throw new Error(`features without a name of ours: ${unknown.join(", ")}`);
  return {
    asksFor: lookup,
    treeOwner: tree_owner,
    creates: Object.fromEntries(Object.entries(generated).map(([kind, api]) => [kind, api.split("/")[1]])),
    can: Object.keys(abilities)
      .filter((name) => features[name])
      .map((name) => abilities[name]),
  };
}

function candidateFrom(image, imageRepository) {
  const repositoryOfIts = image.ref?.slice(0, image.ref.lastIndexOf(":"));
  return {
    // the name that upstream's index gives it, or would
    flamingo: image.channel === "dev" ? `${image.argocd}-dev` : image.argocd,
    argocd: image.argocd,
    image: image.image,
    ...(repositoryOfIts && repositoryOfIts !== imageRepository ? { repository: repositoryOfIts } : {}),
    patchLevel: image.fl_level,
    date: image.date,
    channel: image.channel,
    status: image.status,
    confidence: image.confidence,
    evidence: image.evidence,
    flux: image.flux_documented,
    profile: image.profile ?? null,
  };
}

function rowsOf(tsv) {
  const [, ...rows] = tsv.trimEnd().split("\n");
  return rows.map((row) => row.split("\t"));
}

/** Argo CD tag → file → sha256, null for a file that the release does not have. */
function manifestsFrom(rows) {
  const manifests = {};
  for (const [tag, file, text] of rows) {
    const sha256 = text === "absent" ? null : text;
    manifests[tag] ??= {};
    const known = manifests[tag][file] ?? sha256;
    if (known !== sha256) throw new Error(`two sums of ${file} of ${tag}`);
    manifests[tag][file] = sha256;
  }
  return manifests;
}

/** Minor of Argo CD → the oldest and the newest Kubernetes that it was tested with. */
function testedKubernetesFrom(rows) {
  return Object.fromEntries(rows.map(([minor, min, max]) => [minor, { min, max }]));
}

/** JSON with one line for each entry of each list: that reads well, and so does its diff. */
function render(matrix) {
  const parts = Object.entries(matrix).map(([key, value]) => {
    const head = `  ${JSON.stringify(key)}: `;
    if (value === null || typeof value !== "object" || key === "platforms")
      return head + JSON.stringify(value);
    const lines = Array.isArray(value)
      ? value.map((item) => JSON.stringify(item))
      : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${JSON.stringify(item)}`);
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return `${head}${open}\n    ${lines.join(",\n    ")}\n  ${close}`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

const images = JSON.parse(read("fl-images.json"));
const vulnerabilities = JSON.parse(read("argocd-vulns.json"));
const text = render({
  $schema: "./schemas/support-matrix.schema.json",
  imageRepository: images.image_repository,
  platforms: images.platforms,
  profiles: Object.fromEntries(
    Object.entries(images.profiles).map(([name, profile]) => [name, profileFrom(profile)]),
  ),
  candidates: images.images
    .filter(({ status }) => status === "established" || status === "inferred")
    .map((image) => candidateFrom(image, images.image_repository)),
  manifests: manifestsFrom([
    ...rowsOf(read("argo-cd-manifest-sha256.tsv")),
    ...rowsOf(read("argo-cd-stock-sha256.tsv")),
  ]),
  testedKubernetes: testedKubernetesFrom(rowsOf(read("argo-cd-kubernetes-range.tsv"))),
  advisorySource: vulnerabilities.source,
  advisories: advisoriesFrom(vulnerabilities.vulns),
});
if (output === "-") stdout.write(text);
else writeFileSync(output, text);
