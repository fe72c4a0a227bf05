/** An item of `spec.ignore` of a Kustomization (Flux 2.9), and of `spec.driftDetection.ignore` of a HelmRelease (2.2). */
export interface IgnoreRule {
  /** JSON pointers, "" for all of an object */
  paths?: string[];
  /** patterns and selectors; without one, every object */
  target?: Partial<Record<TargetPart | "labelSelector" | "annotationSelector", string>>;
}

export type TargetPart = "group" | "version" | "kind" | "name" | "namespace";
