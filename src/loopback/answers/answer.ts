import type { Event } from "../../kube/kinds.js";
import type { MergePatch } from "../../kube/kube.js";
import type { Kind, ObjectRef } from "../../kube/object.js";

/**
 * One write. The next one waits for it, and is not done when an object is not any more what the answer was made for: of another
 * `resourceVersion`, or with another `uid`.
 */
export type Step =
  /** changes the Application */
  | { do: "patch"; ref: ObjectRef; patch: MergePatch; resourceVersion?: string | undefined }
  /** asks Flux, or takes back what was said with that; null removes */
  | {
      do: "annotate";
      kind: Kind;
      ref: ObjectRef;
      annotations: Readonly<Record<string, string | null>>;
      resourceVersion?: string | undefined;
    }
  | { do: "delete"; kind: Kind; ref: ObjectRef; uid: string | undefined }
  | { do: "event"; event: Event };

/** What is to be done about what somebody asked of an Application. */
export interface Answer {
  steps: Step[];
  /** a refresh was asked for: the report is to be made anew and written wherever it is read */
  refresh: boolean;
  /** for people, a line each */
  log: string[];
}
