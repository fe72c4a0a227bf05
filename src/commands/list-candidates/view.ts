import type { ListView } from "../../output/list-view.js";
import type { Candidate } from "../../support-matrix/candidate.js";

/** What a candidate is by itself. */
export const plainView: ListView<Candidate> = {
  columns: {
    FLAMINGO: ({ flamingo }) => flamingo,
    "ARGO-CD": ({ argocd }) => argocd,
    "FSA-IMAGE": ({ image }) => image,
    FLUX: ({ flux }) => flux,
    CHANNEL: ({ channel, status }) => (status === "inferred" ? status : channel),
    DATE: ({ date }) => date,
  },
  name: ({ image }) => image,
  empty: "The support matrix has no such FSA image",
};
