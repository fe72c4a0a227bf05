import { usageError } from "../errors.js";
import { nameProblem } from "../text/names.js";
import { parseWorkloadRef, refOnThisCluster, type WorkloadRef } from "../workloads/ref.js";

/** What is named on a command line: an Application, or a workload itself. */
export type Subject = { application: string } | { ref: WorkloadRef };

/**
 * Reads NAME, which `-o name` prints as `application.argoproj.io/NAME`, or REF.
 *
 * @throws UserError with exit code 2 that says what is wrong with it
 */
export function parseSubject(text: string): Subject {
  const [, given] = /^(?:applications?|apps?)(?:\.argoproj\.io)?\/([^/]*)$/i.exec(text) ?? [];
  const name = given ?? text;
  if (given === undefined && text.includes("/")) return { ref: refOnThisCluster(parseWorkloadRef(text)) };
  const problem = nameProblem(name);
  if (problem) {
    throw usageError(
      `${JSON.stringify(name)} is no name of an Application: ${problem}`,
      "Write the name of an Application, or ks/NAME or hr/NAME for a workload",
    );
  }
  return { application: name };
}
