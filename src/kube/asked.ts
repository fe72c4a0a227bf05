import type { Kind } from "./object.js";

/** What was asked of the API server, in the words of whoever knows. */
export interface Asked {
  /** after "Cannot": "read Kustomization podinfo in flux-system" */
  doing: string;
  /** without credentials: "https://127.0.0.1:6443" */
  server: string;
  /** "context kind-dev (~/.kube/config)" */
  context: string;
  /** never shown, whoever repeats them */
  secrets: Iterable<string>;
  /** the right that it takes; undefined for questions that everybody may ask */
  access?: Access | undefined;
}

/** A right as RBAC names it. */
export interface Access {
  verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";
  kind: Kind;
  /** all of them when it is not given */
  namespace?: string | undefined;
  /** "status", "portforward" */
  subresource?: string | undefined;
}

/** The rest of a sentence that begins with "Cannot DOING", and what to do about it. */
export interface Explanation {
  why: string;
  hint?: string | undefined;
  exitCode?: number;
}
