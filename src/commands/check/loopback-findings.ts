import { leaseName, silenceOf } from "../../argo/loopback-lease.js";
import type { Lease } from "../../kube/kinds.js";
import type { AppRecord } from "./applications.js";
import { type Finding, finding } from "./finding.js";

/**
 * Whether anybody reports the Applications of the engine loopback.
 *
 * @param lease undefined: there is none
 */
export function loopbackFindings(
  apps: readonly AppRecord[],
  lease: Lease | undefined,
  namespace: string,
  now: Date,
): Finding[] {
  const count = apps.filter(({ loopback }) => loopback === "ours").length;
  const silence = count === 0 ? undefined : silenceOf(lease, now);
  if (silence === undefined) return [];
  const shown = count === 1 ? "the Application" : `the ${count} Applications`;
  return [
    finding(
      "loopback-not-running",
      { kind: "Lease", namespace, name: leaseName },
      {
        why: `${silence}: ${shown} of the engine loopback ${count === 1 ? "shows" : "show"} an old state, or none`,
        remedy: "Run flamingo loopback",
      },
    ),
  ];
}
