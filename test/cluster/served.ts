import { setTimeout as sleep } from "node:timers/promises";
import type { TestObject } from "./crds.js";
import type { Requester } from "./request.js";

interface CrdSpec {
  group: string;
  names: { plural: string };
  versions: { name: string; served: boolean }[];
}

const withinMs = 30_000;

/** What discovery says when it tells all at once (the way newer clients ask): `["apps/v1/deployments", ...]`. */
export async function aggregatedDiscovery(send: Requester): Promise<string[]> {
  const accept = "application/json;v=v2;g=apidiscovery.k8s.io;as=APIGroupDiscoveryList";
  const { body } = await send("GET", "/apis", { headers: { accept } });
  const { items } = body as {
    items: {
      metadata: { name: string };
      versions: { version: string; resources?: { resource: string }[] }[];
    }[];
  };
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(({ resource }) => `${metadata.name}/${version}/${resource}`),
    ),
  );
}

/** Waits until each served version of these CRDs answers, and both ways of discovery tell of it. */
export async function waitUntilServed(send: Requester, crds: TestObject[]): Promise<void> {
  const deadline = Date.now() + withinMs;
  let missing = crds.flatMap(servedVersions);
  for (;;) {
    const told = new Set(await aggregatedDiscovery(send));
    const answers = await Promise.all(
      missing.map(
        async (entry) => told.has(entry) && (await isListed(send, entry)) && (await answersList(send, entry)),
      ),
    );
    missing = missing.filter((_, index) => !answers[index]);
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new Error(`Not served after ${withinMs / 1000}s: ${missing.join(", ")}`);
    await sleep(20);
  }
}

function servedVersions(crd: TestObject): string[] {
  const { group, names, versions } = crd["spec"] as CrdSpec;
  return versions.filter(({ served }) => served).map(({ name }) => `${group}/${name}/${names.plural}`);
}

async function isListed(send: Requester, entry: string): Promise<boolean> {
  const [group, version, plural] = entry.split("/");
  const { status, body } = await send("GET", `/apis/${group}/${version}`);
  return (
    status === 200 &&
    (body as { resources: { name: string }[] }).resources.some(({ name }) => name === plural)
  );
}

async function answersList(send: Requester, entry: string): Promise<boolean> {
  return (await send("GET", `/apis/${entry}?limit=1`)).status === 200;
}
