import { renderId } from "../../kube/object-id.js";
import type { ListView } from "../../output/list-view.js";
import type { Finding } from "./finding.js";

export const view: ListView<Finding> = {
  columns: {
    SEVERITY: ({ severity }) => severity,
    ID: ({ id }) => id,
    OBJECT: ({ object }) => object && renderId(object),
    WHY: ({ why }) => why,
  },
  wide: { REMEDY: ({ remedy }) => remedy },
  name: ({ id, object }) =>
    object
      ? `${id}/${object.kind.toLowerCase()}/${[object.namespace, object.name].filter(Boolean).join("/")}`
      : id,
  empty: "",
};
