import { loadAll } from "js-yaml";
import type { GeneratedApplication } from "../../../src/argo/application-for.js";

/** What was printed, read back. */
export function applicationsIn(stdout: string): GeneratedApplication[] {
  if (stdout.startsWith("{")) return JSON.parse(stdout).items;
  return loadAll(stdout) as GeneratedApplication[];
}

export function namesIn(stdout: string): string[] {
  return applicationsIn(stdout).map(({ metadata }) => metadata.name);
}

/** The source of the only Application. */
export function sourceIn(stdout: string): GeneratedApplication["spec"]["source"] {
  const [application, second] = applicationsIn(stdout);
  if (!application || second) throw new Error(`not one Application, but:\n${stdout}`);
  return application.spec.source;
}
