/** Revisions as people ask for them: a commit or the start of one, a digest, a version. Pure. */
import { deployedIn } from "./helm-release.js";
import { argoRevision, releasedRevision } from "./revision.js";
import type { SourceChain } from "./source-chain.js";
import { HelmRepository, sourceStatusOf } from "./sources.js";
import type { FluxWorkload } from "./workload.js";

/** `org.opencontainers.image.revision`: the commit that an OCI artifact was made of, as `flux push artifact` writes it. */
const originAnnotation = "org.opencontainers.image.revision";

/** What is wrong with a revision that somebody asks for; undefined for a commit, a digest, a version or a revision of Flux. */
export function askedRevisionProblem(text: string): string | undefined {
  if (/^(?:[^\s@]+@)?(?:sha\d+:)?[0-9a-f]{7,}$/i.test(text)) return undefined;
  if (/^v?\d+\.\d+(?:\.\d+)?(?:[-+_][\w.+-]+)?$/.test(text)) return undefined;
  return /^[0-9a-f]{1,6}$/i.test(text)
    ? "a commit has seven digits and more"
    : "it is no commit, no digest and no version";
}

/** What the sources hold, in every form in which somebody may ask for it; nobody asks for the index of a HelmRepository. */
export function heldForms({ links }: Pick<SourceChain, "links">): string[] {
  return links.flatMap(({ object }) => {
    const { artifact } = sourceStatusOf(object);
    if (object.kind === HelmRepository.kind || !artifact?.revision) return [];
    const origin = artifact.metadata?.[originAnnotation];
    return [
      ...formsOf(artifact.revision, object.kind === "GitRepository"),
      ...(origin ? formsOf(origin, true) : []),
    ];
  });
}

/** What a workload has applied, in the same forms; none before it applied anything. */
export function appliedForms(workload: FluxWorkload, { links, content }: SourceChain): string[] {
  const { lastAppliedRevision } = workload.status ?? {};
  const plain = (fromGit?: boolean) => (lastAppliedRevision ? formsOf(lastAppliedRevision, fromGit) : []);
  switch (workload.kind) {
    case "Kustomization": {
      const { lastAppliedOriginRevision: origin } = workload.status ?? {};
      const fromGit = workload.spec?.sourceRef?.kind === "GitRepository";
      return [...plain(fromGit), ...(origin ? formsOf(origin, true) : [])];
    }
    case "HelmRelease": {
      const release = deployedIn(workload.status?.history);
      if (!release) return plain();
      const origin = { content, sources: links.map(({ object }) => object) };
      const released = releasedRevision(workload, release, origin);
      const revisions = [release.chartVersion, release.ociDigest, released];
      return revisions.flatMap((revision) => (revision ? formsOf(revision) : []));
    }
    case "ResourceSet":
    case "FluxInstance":
      return plain();
  }
}

/** What a workload tried last, in the same forms. */
export function attemptedForms({ kind, spec, status }: FluxWorkload): string[] {
  const fromGit = kind === "Kustomization" && spec?.sourceRef?.kind === "GitRepository";
  const digest = kind === "HelmRelease" ? status?.lastAttemptedRevisionDigest : undefined;
  return [status?.lastAttemptedRevision, digest].flatMap((revision) =>
    revision ? formsOf(revision, fromGit) : [],
  );
}

/**
 * "main@sha1:COMMIT" and "main/COMMIT": the commit, and the branch or tag; "6.5.0_build@sha256:…" the digest, and the tag with "+";
 * a chart's version with and without what Flux adds behind a "+".
 */
function formsOf(revision: string, fromGit = false): string[] {
  const name = revision.replace(/@sha\d+:.*$/, "").replace(/\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "");
  return [argoRevision(revision, fromGit), name, name.replaceAll("_", "+"), name.replace(/\+[^+]*$/, "")];
}

/** Whether a revision is one of these forms. Commits and digests may be shortened to seven digits, as in Argo CD. */
export function isAmongForms(asked: string, forms: readonly string[]): boolean {
  const [, algorithm = "", digits] = /^(?:.+@)?(sha\d+:)?([0-9a-f]{7,})$/i.exec(asked) ?? [];
  if (digits === undefined) return forms.some((form) => withoutV(form) === withoutV(asked));
  const start = digits.toLowerCase();
  return forms.some((form) => {
    if (form === asked) return true;
    const [, own = "", hash] = /^(sha\d+:)?([0-9a-f]{40,})$/.exec(form) ?? [];
    return hash?.startsWith(start) === true && (own === "" || algorithm === "" || own === algorithm);
  });
}

function withoutV(version: string): string {
  return version.replace(/^v(?=\d)/, "");
}
