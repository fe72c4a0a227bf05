import {
  type Advisory,
  type AffectedRange,
  abilities,
  type Candidate,
  type Profile,
  type SupportMatrix,
} from "./candidate.js";
import {
  type Check,
  Fault,
  list,
  matching,
  nullable,
  object,
  oneOf,
  record,
  text,
  wholeNumber,
} from "./checks.js";
import { compareVersions } from "./versions.js";

const minor = matching(/^\d+\.\d+$/, "a minor such as 1.34");
const notEmpty = matching(/./, "a name");
const version = matching(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "a version such as v2.8.4");
const plainVersion = matching(/^(0|\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?)$/, "a version such as 2.8.4, or 0");
const apiVersions = record(matching(/^v\d+((alpha|beta)\d+)?$/, "a version of an API such as v1beta2"));
const platforms = list(matching(/^[a-z0-9]+\/[a-z0-9]+$/, "a platform such as linux/amd64"), 1);

const profile: Check<Profile> = object({
  asksFor: apiVersions,
  treeOwner: apiVersions,
  creates: apiVersions,
  can: list(oneOf(abilities)),
});

const candidate: Check<Candidate> = object<Candidate>(
  {
    flamingo: version,
    argocd: version,
    image: notEmpty,
    repository: notEmpty,
    platforms,
    patchLevel: wholeNumber,
    date: matching(/^\d{4}-\d{2}-\d{2}$/, "a date such as 2023-09-19"),
    channel: oneOf(["stable", "dev", "unlisted"]),
    status: oneOf(["established", "inferred"]),
    confidence: oneOf(["high", "medium", "low"]),
    evidence: list(text, 1),
    flux: nullable(matching(/^v\d+\.\d+(\.\d+(-[0-9A-Za-z.-]+)?)?$/, "a version such as v2.1.1")),
    profile: nullable(text),
  },
  ["repository", "platforms"],
);

const range: Check<AffectedRange> = (value, place) => {
  const fields = { from: plainVersion, fixed: plainVersion, limit: plainVersion };
  const checked = object<AffectedRange>(fields, ["fixed", "limit"])(value, place);
  if ((checked.fixed === undefined) === (checked.limit === undefined))
    throw new Fault(place, "it needs either fixed or limit");
  return checked;
};

const advisory: Check<Advisory> = object({
  id: matching(/^GHSA(-[0-9a-z]{4}){3}$/, "an id such as GHSA-9766-5277-j5hr"),
  aliases: list(text),
  severity: oneOf(["critical", "high", "moderate", "low", null]),
  summary: text,
  affected: list(range, 1),
});

const matrix: Check<SupportMatrix> = object<SupportMatrix>(
  {
    imageRepository: notEmpty,
    platforms,
    profiles: record(profile),
    candidates: list(candidate),
    manifests: record(record(nullable(matching(/^[0-9a-f]{64}$/, "a sha256 in hex")))),
    testedKubernetes: record(object({ min: minor, max: minor })),
    advisorySource: text,
    advisories: list(advisory),
  },
  ["testedKubernetes"],
);

/**
 * A support matrix from parsed JSON: what schemas/support-matrix.schema.json says, and what a schema cannot say. The
 * candidates are put into the matrix's order.
 *
 * @throws Fault for the first thing that is wrong, with its place: "candidates[3].profile: no profile P99"
 */
export function parseMatrix(value: unknown): SupportMatrix {
  const checked = matrix(value, "");
  const places = new Map<string, number>();
  for (const [index, { image, profile: name }] of checked.candidates.entries()) {
    const place = `candidates[${index}]`;
    if (name !== null && !Object.hasOwn(checked.profiles, name))
      throw new Fault(`${place}.profile`, `no profile ${name}`);
    const before = places.get(image);
    if (before !== undefined)
      throw new Fault(`${place}.image`, `${image} is that of candidates[${before}], too`);
    places.set(image, index);
  }
  checked.candidates.sort((a, b) => compareVersions(a.argocd, b.argocd));
  return checked;
}
