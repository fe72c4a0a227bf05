import { conditionType, type UntimedCondition } from "../argo/conditions.js";

/**
 * How much of what there is an Application shows. A report is made at once, and nothing else is done meanwhile: whoever may make
 * objects could make that last as long as he likes.
 */
export const most = {
  /** of what a workload applied, those that are looked at at all */
  inventory: 10_000,
  nodes: 5000,
  /** from owners to what they own */
  edges: 10_000,
  /** of JSON, of all objects that the diff has */
  diffBytes: 16 << 20,
};

/** What there is beyond that. */
export interface Excess {
  /** objects that have no node, without what is below them */
  nodes: number;
  /** whether owners were left out */
  edges: boolean;
  /** objects that are not in the diff */
  diffs: number;
}

export function excessConditions({ nodes, edges, diffs }: Excess): UntimedCondition[] {
  const messages = [
    ...(nodes > 0
      ? [`${nodes} objects and what they own are not shown: a tree has ${most.nodes} at most`]
      : []),
    ...(edges ? [`Not all that is owned is shown: of owners a tree has ${most.edges} at most`] : []),
    ...(diffs > 0
      ? [
          `${diffs} objects are not in the diff: all that it has together take ${most.diffBytes >> 20} MiB at most`,
        ]
      : []),
  ];
  return messages.map((message) => ({ type: conditionType.omitted, message }));
}
