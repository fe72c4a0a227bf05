import { type Finding, finding } from "./finding.js";

/** What could not be looked at, a finding each: "cannot list Deployments: deployments.apps is forbidden: …". */
export function notChecked(unknown: readonly string[]): Finding[] {
  return [...new Set(unknown)].map((why) =>
    finding("not-checked", null, {
      why: /^cannot /.test(why) ? `flamingo ${why}` : why,
      remedy: "Choose another --context or --as, or ask for the right",
    }),
  );
}
