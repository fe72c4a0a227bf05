import { ExitCode, UserError } from "../../errors.js";
import {
  type Candidate,
  isDevelopment,
  newestFirst,
  type SupportMatrix,
} from "../../support-matrix/candidate.js";
import { readMatrix } from "../../support-matrix/read-matrix.js";
import { command } from "../command.js";
import { type OptionsOf, toggle } from "../flag.js";
import { listOutput, matrixIndex } from "../shared-flags.js";
import { plainView } from "./view.js";

const flags = {
  dev: toggle("--dev", "development builds, too"),
  all: toggle("--all", "also images that no document names, and development builds"),
  compatible: toggle("--compatible", "only what shows this cluster's Flux, and how much of it"),
  output: listOutput,
  index: matrixIndex,
};

type Options = OptionsOf<typeof flags>;

export const listCandidates = command({
  arguments: "[VERSION]",
  description: `List the FSA images (patched Argo CD) that show Flux in Argo CD, the newest first.

Without flags: those that some document names, except development builds. VERSION picks some: v2.8.4, 2.8, latest, '>=2.8 <2.10', or an image's tag. FLUX is what upstream documented; --compatible computes what each one shows on this cluster. Without it no cluster is asked.`,
  examples: [
    ["flamingo list-candidates", "what can be installed"],
    ["flamingo list-candidates 2.8 --all -o wide", "all that is known of one minor of Argo CD"],
    ["flamingo list-candidates --compatible", "what shows this cluster's Flux, and how much of it"],
    ["flamingo list-candidates --compatible -o json", "the same, with the reason for whatever is not shown"],
    ["flamingo list-candidates --index support-matrix.json", "from another support matrix"],
  ],
  flags,
  async run(deps, options, [version]) {
    const matrix = await readMatrix(options.index, deps);
    const picked = newestFirst(await pick(matrix, version, options));
    const format = options.output;
    if (options.compatible) {
      const { compatible } = await import("./compatible.js");
      const { records, remarks } = await compatible(matrix, picked, deps);
      for (const remark of remarks) deps.say.warning(remark);
      const { compatibleView } = await import("./record-views.js");
      await deps.print(records, compatibleView, format);
    } else if (format === "table" || format === "name") {
      await deps.print(picked, plainView, format);
    } else {
      // loaded here: finding out which advisories are open takes longer than the plain table as a whole
      const { candidateRecords } = await import("../../support-matrix/candidate-record.js");
      const { recordView } = await import("./record-views.js");
      await deps.print(candidateRecords(matrix, picked), recordView, format);
    }
    return ExitCode.done;
  },
});

/** @throws UserError (exit code 5) when there is nothing of this version */
async function pick(
  { candidates }: SupportMatrix,
  version: string | undefined,
  { dev = false, all = false }: Options,
): Promise<Candidate[]> {
  const counts = ({ status }: Candidate) => all || status === "established";
  if (version === undefined)
    return candidates.filter((one) => counts(one) && (dev || all || !isDevelopment(one)));
  // loaded here: reading ranges takes the larger part of semver
  const { candidatesWanted, parseWanted } = await import("../../support-matrix/wanted.js");
  const found = candidatesWanted(candidates, parseWanted(version), { dev: dev || all });
  // what is only inferred is shown where there is nothing better
  if (found.length > 0) return found.some(counts) ? found.filter(counts) : found;
  const { unknownVersion } = await import("../../support-matrix/nearest.js");
  const { refused, hint, exitCode } = unknownVersion(candidates, version, dev || all);
  throw new UserError(refused, { hint, exitCode });
}
