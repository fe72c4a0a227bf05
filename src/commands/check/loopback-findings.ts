import type { Lease } from "../../kube/kinds.js";
import { isHeld, leaseName } from "../../loopback/engine/lease.js";
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
  if (count === 0 || (lease && isHeld(lease, now))) return [];
  const { holderIdentity = "", renewTime = "" } = lease?.spec ?? {};
  const heard = new Date(renewTime);
  const since = Number.isNaN(heard.getTime()) ? "" : ` since ${heard.toISOString().slice(0, 19)}Z`;
  const who =
    holderIdentity === ""
      ? `nobody runs flamingo loopback${since}`
      : `flamingo loopback (${holderIdentity}) was not heard of${since}`;
  const shown = count === 1 ? "the Application" : `the ${count} Applications`;
  return [
    finding(
      "loopback-not-running",
      { kind: "Lease", namespace, name: leaseName },
      {
        why: `${who}: ${shown} of the engine loopback ${count === 1 ? "shows" : "show"} an old state, or none`,
        remedy: "Run flamingo loopback",
      },
    ),
  ];
}
