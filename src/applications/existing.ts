import { Application, type Engine } from "../argo/application.js";
import { contentOf, objectionTo } from "../argo/existing.js";
import { engineOf, generatedSelector, isGenerated } from "../argo/generated.js";
import { ExitCode, UserError } from "../errors.js";
import type { Workload } from "../flux/workload.js";
import { isForbidden } from "../kube/failure.js";
import type { Reader } from "../kube/kube.js";
import { renderId } from "../kube/object-id.js";

/** The Applications that are there, by name, without what Argo CD says of them: there may be thousands. */
export type Existing = ReadonlyMap<string, Application>;

/**
 * @param name the only one that is of interest, or undefined for all
 * @param onlyGenerated those that flamingo made; enough where nothing is written
 */
export async function findExisting(
  reader: Reader,
  namespace: string,
  name: string | undefined,
  onlyGenerated: boolean,
): Promise<Existing> {
  if (!onlyGenerated) await requireArgo(reader);
  try {
    return name === undefined
      ? await all(reader, namespace, onlyGenerated)
      : await one(reader, namespace, name);
  } catch (error) {
    // printing needs no look at the cluster's Applications
    if (onlyGenerated && isForbidden(error)) return new Map();
    throw error;
  }
}

async function one(reader: Reader, namespace: string, name: string): Promise<Existing> {
  const application = await reader.find(Application, { name, namespace });
  return new Map(application ? [[name, slim(application)]] : []);
}

async function all(reader: Reader, namespace: string, onlyGenerated: boolean): Promise<Existing> {
  const existing = new Map<string, Application>();
  const labels = onlyGenerated ? generatedSelector : undefined;
  for await (const page of reader.list(Application, { namespace, labels })) {
    for (const application of page) existing.set(application.metadata.name, slim(application));
  }
  return existing;
}

function slim(application: Application): Application {
  const { apiVersion, kind, metadata } = application;
  const content = contentOf(application);
  return { ...content, apiVersion, kind, metadata: { ...content.metadata, name: metadata.name } };
}

async function requireArgo(reader: Reader): Promise<void> {
  if ((await reader.servedVersion(Application)) !== undefined) return;
  throw new UserError("Cannot write Applications: the cluster does not serve applications.argoproj.io", {
    hint: "Install Argo CD first, or print the Applications with --export",
    exitCode: ExitCode.notServed,
  });
}

/** The engine that an Application got from flamingo. */
export function ownEngine(existing: Application): Engine | undefined {
  return isGenerated(existing) ? engineOf(existing) : undefined;
}

/**
 * @param server of the cluster that the workload is on
 * @throws UserError when the Application that is there must not become the one for this workload
 */
export function checkOverwriting(
  workload: Workload,
  name: string,
  server: string,
  { existing, namespace }: { existing: Existing; namespace: string },
): void {
  const there = existing.get(name);
  const objection = there && objectionTo(there, workload, server);
  if (objection === undefined) return;
  throw new UserError(
    `Cannot overwrite the Application ${name} in ${namespace} with one for ${renderId(workload)}: ${objection}`,
    {
      hint: "Choose another --app-name or --name-template, or add --force to overwrite it",
      alike: {
        cause: `overwrite: ${objection}`,
        subject: name,
        sentence: (names) => `Cannot overwrite the Applications ${names} in ${namespace}: ${objection}`,
      },
    },
  );
}
