import { Application } from "../../argo/application.js";
import { generatedSelector, isElsewhere, shownBy } from "../../argo/generated.js";
import { ExitCode, UserError, usageError } from "../../errors.js";
import { noSources, sourceChainOf } from "../../flux/source-chain.js";
import { readApplier } from "../../gather/applier.js";
import { readLineage } from "../../gather/owners.js";
import { Readings } from "../../gather/readings.js";
import { readSources } from "../../gather/sources.js";
import { allOf } from "../../kube/all-of.js";
import { absence } from "../../kube/elsewhere.js";
import { kindNamed, wordsFor } from "../../kube/kind-named.js";
import { ConfigMap } from "../../kube/kinds.js";
import type { Kube } from "../../kube/kube.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, keyOf, kubectlName, type ObjectId, renderId } from "../../kube/object-id.js";
import { permitted } from "../../kube/permitted.js";
import { resourceName } from "../../kube/resource.js";
import { type ServedKind, servedKinds } from "../../kube/served-kinds.js";
import type { ListView } from "../../output/list-view.js";
import { renderTable } from "../../output/table.js";
import { writeAll } from "../../output/write.js";
import { closest } from "../../text/closest.js";
import { isPathSegment } from "../../text/names.js";
import { command } from "../command.js";
import type { Deps } from "../deps.js";
import { choice } from "../flag.js";
import { linesOf, managedBy, type TraceRecord, traceRecord } from "./record.js";

export const trace = command({
  arguments: "KIND/NAME",
  description: `Show where an object comes from: whom it belongs to, the Flux workload that applied it, its source and revision, when it was reconciled and with which message, and the Application that shows it.

KIND is any kind as kubectl takes it (pod, deploy, ingress.networking.k8s.io), in the namespace of -n. What is not Flux's is told with who manages it, and exit code 4.`,
  examples: [
    ["flamingo trace pod/podinfo-5d9c7b8f6-abcde -n podinfo", "from a Pod to the commit"],
    ["flamingo trace ingress.networking.k8s.io/shop -n web -o json", "any kind, as data"],
    ["flamingo trace clusterrole/podinfo", "what is in no namespace"],
  ],
  flags: {
    output: choice("-o, --output <format>", ["json", "yaml"], "json or yaml (default: text)"),
  },
  async run(deps, { output }, [word = ""]) {
    const named = parseObject(word);
    const kube = await deps.kube();
    const record = await traceObject(named, kube, deps);
    for (const sentence of record.disagreements) deps.say.warning(sentence);
    if (output) await deps.print([record], view, output);
    else await writeAll(deps.stdout, textOf(record), deps.signal);
    if (record.workload) return ExitCode.done;
    const { object } = record;
    const where = object.namespace === "" ? "" : ` -n ${object.namespace}`;
    deps.say.failure(
      `${renderId(object)} is not Flux's: it is managed by ${managedBy(record)}`,
      `See who wrote what: kubectl get ${kubectlName(object)}${where} --show-managed-fields -o yaml`,
    );
    return ExitCode.differs;
  },
});

const form = "Write KIND/NAME, such as deploy/podinfo";

interface Named {
  word: string;
  name: string;
}

function parseObject(text: string): Named {
  const [word = "", name, ...rest] = text.split("/");
  if (name === undefined || rest.length > 0 || word === "")
    throw usageError(`${JSON.stringify(text)} is not KIND/NAME`, form);
  if (!isPathSegment(name)) throw usageError(`${JSON.stringify(name)} is no name of an object`, form);
  return { word, name };
}

async function traceObject(named: Named, kube: Kube, deps: Deps): Promise<TraceRecord> {
  const { flux, app, argocd } = deps.namespaces;
  const kinds = await servedKinds(kube);
  const kind = kindFor(named, kinds);
  const namespace = kind.namespaced ? flux : undefined;
  const object = await findObject(kube, kind, { name: named.name, namespace });
  const lineage = await readLineage(kube, object, kinds);
  const { applier, disagreements } = await readApplier(kube, lineage.chain, flux);
  const [sources, applications, config] = await Promise.all([
    applier && readSources(applier.workload, new Readings(kube)),
    applier ? applicationsOf(kube, idOf(applier.workload), app) : [],
    permitted(kube.find(ConfigMap, { name: "argocd-cm", namespace: argocd })),
  ]);
  const chain = applier && sources ? sourceChainOf(applier.workload, sources) : noSources;
  const argoUrl = config.found?.data?.["url"];
  return traceRecord({ lineage, applier, disagreements, chain, applications, argoUrl });
}

function kindFor({ word, name }: Named, kinds: readonly ServedKind[]): ServedKind {
  const kind = kindNamed(word, kinds);
  if (kind) return kind;
  const near = closest(word.toLowerCase(), wordsFor(kinds)).map((one) => `${one}/${name}`);
  throw new UserError(`Cannot trace ${word}/${name}: the cluster serves no kind ${word}`, {
    hint:
      near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "See which there are: kubectl api-resources",
    exitCode: ExitCode.notServed,
  });
}

/** By its metadata: that tells whose it is, and of a Secret nothing else is to be read. */
async function findObject(
  kube: Kube,
  kind: ServedKind,
  ref: { name: string; namespace: string | undefined },
): Promise<LiveObject> {
  const found = await kube.find<LiveObject>(kind, ref, { metadataOnly: true });
  if (found) return found;
  throw await absence(kube, kind, ref, {
    flag: "-n",
    spelled: (near) => kubectlName({ ...kind, name: near }),
    otherwise: `See what there is: kubectl get ${resourceName(kind)}${ref.namespace === undefined ? "" : ` -n ${ref.namespace}`}`,
  });
}

/** The Applications that show a workload, wherever they may be looked for. */
async function applicationsOf(kube: Kube, workload: ObjectId, home: string): Promise<Application[]> {
  const labels = generatedSelector;
  const inNamespace = async (namespace?: string) =>
    (await permitted(allOf(kube.list(Application, { labels, namespace })))).found;
  const found = (await inNamespace()) ?? (await inNamespace(home)) ?? [];
  const key = keyOf(workload);
  return found.filter((one) => keyOf(shownBy(one)) === key && !isElsewhere(one));
}

function textOf(record: TraceRecord): string[] {
  const [first, ...rest] = linesOf(record).map(([what, text]) => [`${what}:`, text]);
  return first ? [renderTable(first, rest)] : [];
}

/** Of which json and yaml need nothing. */
const view: ListView<TraceRecord> = {
  columns: {},
  name: ({ object }) => kubectlName(object),
  empty: "",
};
