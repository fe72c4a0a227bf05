/** What the image of a container tells about a controller of Flux. */

/** From one minor of a controller on, up to another or for ever, the minor of Flux is `plus` more. */
interface Count {
  controller: `${number}.${number}`;
  upTo?: number;
  flux: "0" | "2";
  plus: number;
}

/**
 * Controller → how its minors and those of Flux go together, by the images of the releases 0.37 to 2.9. Flux 2 counts
 * them up together, so this holds for minors to come, too.
 */
const counts = {
  "source-controller": [
    { controller: "1.0", flux: "2", plus: 0 },
    { controller: "0.32", upTo: 36, flux: "0", plus: 5 },
  ],
  "kustomize-controller": [
    { controller: "1.0", flux: "2", plus: 0 },
    { controller: "0.31", upTo: 35, flux: "0", plus: 6 },
  ],
  "helm-controller": [
    { controller: "1.0", flux: "2", plus: 3 },
    { controller: "0.35", upTo: 37, flux: "2", plus: -35 },
    { controller: "0.27", upTo: 31, flux: "0", plus: 10 },
  ],
  "notification-controller": [
    { controller: "1.0", flux: "2", plus: 0 },
    { controller: "0.29", upTo: 33, flux: "0", plus: 8 },
  ],
  "image-reflector-controller": [
    { controller: "1.0", flux: "2", plus: 7 },
    { controller: "0.32", upTo: 35, flux: "2", plus: -29 },
  ],
  "image-automation-controller": [
    { controller: "1.0", flux: "2", plus: 7 },
    { controller: "0.38", upTo: 41, flux: "2", plus: -35 },
  ],
  "source-watcher": [{ controller: "2.0", flux: "2", plus: 7 }],
} as const satisfies Record<string, readonly Count[]>;

export type FluxComponent = keyof typeof counts;

/** The minor of Flux that a controller is of; undefined when no release is known that has it. @example fluxMinorOf("helm-controller", "1.6.3") // "2.9" */
export function fluxMinorOf(component: FluxComponent, version: string): string | undefined {
  const [major, minor] = version.split(".").map(Number);
  const all: readonly Count[] = counts[component];
  const count = all.find(({ controller, upTo = Number.POSITIVE_INFINITY }) => {
    const [inMajor, since = 0] = controller.split(".").map(Number);
    return major === inMajor && minor !== undefined && minor >= since && minor <= upTo;
  });
  return count && minor !== undefined ? `${count.flux}.${minor + count.plus}` : undefined;
}

/**
 * By the last part of the image's name, since images are mirrored: alone, or after a word with "flux" as in
 * "fluxcd-source-controller". The helm-controller of k3s has the same name.
 */
export function componentOf(image: string): FluxComponent | undefined {
  const { path, name } = partsOf(image);
  if (/(^|\/)(rancher|k3s-io)\/helm-controller$/.test(path)) return undefined;
  const [, prefix = "", component = ""] =
    /^(.*?)((?:source|kustomize|helm|notification|image-reflector|image-automation)-controller|source-watcher)(-fips)?$/.exec(
      name,
    ) ?? [];
  if (prefix !== "" && !prefix.includes("flux")) return undefined;
  return component in counts ? (component as FluxComponent) : undefined;
}

/** Whether the image is published by, or mirrored from, a place named after Flux: "ghcr.io/fluxcd/source-controller". */
export function isNamedAfterFlux(image: string): boolean {
  return partsOf(image).path.includes("flux");
}

/** A controller, as its image tells it. */
export interface ControllerImage {
  component: FluxComponent;
  /** of the controller, without what vendors add: "1.5.0" of "v1.5.0-eks-a-93" */
  version?: string;
  /** the minor of Flux that has this version */
  fluxMinor?: string;
  /** why that is not known: "its image has a digest and no tag" */
  because?: string;
}

/**
 * Undefined when the image is none of a controller of Flux.
 *
 * @param tags what is known of images by their digests: "sha256:…" → "v1.9.3"
 */
export function readControllerImage(
  image: string,
  tags: ReadonlyMap<string, string> = new Map(),
): ControllerImage | undefined {
  const component = componentOf(image);
  if (component === undefined) return undefined;
  const { digest, tag = tags.get(digest ?? "") } = partsOf(image);
  if (tag === undefined)
    return { component, because: digest ? "its image has a digest and no tag" : "its image has no tag" };
  const version = readVersion(tag);
  if (version === undefined)
    return { component, because: `its image tag ${JSON.stringify(tag)} is no version` };
  const fluxMinor = fluxMinorOf(component, version);
  if (fluxMinor === undefined)
    return { component, version, because: `no Flux is known that has ${component} ${version}` };
  return { component, version, fluxMinor };
}

/** "2.9.3" of "v2.9.3", "2.5.1" of "v2.5.1-eks-a-93", "2.0.0-rc.1" of itself; undefined for "0.0.0-dev" and other texts. */
export function readVersion(text: string): string | undefined {
  const match = /^v?(\d+\.\d+\.\d+)(-(?:rc|alpha|beta)[.\d]*)?(?:[-+_.].*)?$/.exec(text);
  if (!match || match[1]?.startsWith("0.0.")) return undefined;
  return `${match[1]}${match[2] ?? ""}`;
}

/** "registry:5000/path/name:tag@sha256:…" */
export function partsOf(image: string): { path: string; name: string; tag?: string; digest?: string } {
  const [reference = "", digest] = image.split("@");
  const [, path = reference, tag] = /^(.*):([^:/]*)$/.exec(reference) ?? [];
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { path, name, ...(tag ? { tag } : {}), ...(digest ? { digest } : {}) };
}
