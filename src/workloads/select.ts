import { ExitCode, UserError } from "../errors.js";
import {
  isToolkitKind,
  shortKind,
  toolkitKinds,
  type Workload,
  type WorkloadKind,
  workloadFrom,
  workloadKinds,
} from "../flux/workload.js";
import { absence } from "../kube/elsewhere.js";
import { isForbidden } from "../kube/failure.js";
import type { Kind } from "../kube/object.js";
import { resourceName } from "../kube/resource.js";
import { type Input, missingHint } from "./input.js";
import type { WorkloadRef } from "./ref.js";
import { onlyRef, type Selection, type WorkloadFilter } from "./selection.js";

/** The workloads that are meant, and an error for each that could not be had. */
export interface Selected {
  workloads: Workload[];
  failures: UserError[];
}

/**
 * @param namespace `-n`
 * @throws UserError for a single REF that cannot be had, and where nothing can be
 */
export async function selectWorkloads(
  selection: Selection,
  input: Input,
  namespace: string,
): Promise<Selected> {
  if (!("refs" in selection)) return all(selection, input, namespace);
  const ref = onlyRef(selection);
  if (ref) return { workloads: [await get(ref, input, namespace)], failures: [] };
  return input.files ? oneByOne(selection.refs, input, namespace) : several(selection.refs, input, namespace);
}

async function all(
  { kinds, everywhere, labels }: WorkloadFilter,
  input: Input,
  namespace: string,
): Promise<Selected> {
  await requireFlux(input, kinds);
  // files are taken whole: there -n only gives a namespace to objects without one
  const where = everywhere || input.files ? undefined : namespace;
  const workloads: Workload[] = [];
  const failures: UserError[] = [];
  for (const kind of kinds) {
    try {
      await collect(kind, input, { namespace: where, labels }, (found) => workloads.push(found));
    } catch (error) {
      // who may see one kind only gets that one
      if (!isForbidden(error)) throw error;
      failures.push(error);
    }
    if (input.files) failures.push(...input.files.reader.contradictions(workloadKinds[kind], { labels }));
  }
  return { workloads, failures };
}

async function get(ref: WorkloadRef, input: Input, namespace: string): Promise<Workload> {
  const found = await input.reader.find(workloadKinds[ref.kind], { name: ref.name, namespace });
  if (!found) throw await absenceOf(ref, input, namespace);
  return workloadFrom(found, input.files?.reader.fileOf(found));
}

/** Several REFs from files, where looking up costs nothing. */
async function oneByOne(refs: readonly WorkloadRef[], input: Input, namespace: string): Promise<Selected> {
  const selected: Selected = { workloads: [], failures: [] };
  for (const ref of refs) {
    try {
      selected.workloads.push(await get(ref, input, namespace));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      selected.failures.push(error);
    }
  }
  return selected;
}

/** Several REFs: one LIST for each kind among them. */
async function several(refs: readonly WorkloadRef[], input: Input, namespace: string): Promise<Selected> {
  const found = new Map<string, Workload>();
  for (const kind of new Set(refs.map((ref) => ref.kind))) {
    const names = new Set(refs.filter((ref) => ref.kind === kind).map(({ name }) => name));
    await collect(kind, input, { namespace, labels: undefined }, (workload) => {
      if (names.has(workload.name)) found.set(`${kind}/${workload.name}`, workload);
    });
  }
  const selected: Selected = { workloads: [], failures: [] };
  for (const ref of refs) {
    const workload = found.get(`${ref.kind}/${ref.name}`);
    if (workload) selected.workloads.push(workload);
    else selected.failures.push(await absenceOf(ref, input, namespace));
  }
  return selected;
}

async function collect(
  kind: WorkloadKind,
  { reader, files }: Input,
  options: { namespace: string | undefined; labels: string | undefined },
  take: (workload: Workload) => void,
): Promise<void> {
  for await (const page of reader.list(workloadKinds[kind], options)) {
    for (const object of page) take(workloadFrom(object, files?.reader.fileOf(object)));
  }
}

/**
 * Without the CRDs of either kind there is no Flux; a single kind that is missing is no reason to stop.
 *
 * @param kinds those that are asked for: there may be a FluxInstance before there is Flux
 * @throws UserError with exit code 6
 */
export async function requireFlux(
  { reader, files }: Input,
  kinds: readonly WorkloadKind[] = [],
): Promise<void> {
  if (files) return;
  const wanted = [...Object.values(toolkitKinds), ...kinds.map((kind) => workloadKinds[kind])];
  const served = await Promise.all(wanted.map((kind) => reader.servedVersion(kind)));
  if (served.some((version) => version !== undefined)) return;
  throw new UserError(
    "Cannot list Flux workloads: the cluster serves neither Kustomizations nor HelmReleases of Flux",
    {
      hint: "Install Flux first (flux install), or choose another --context",
      exitCode: ExitCode.notServed,
    },
  );
}

async function absenceOf(ref: WorkloadRef, input: Input, namespace: string): Promise<UserError> {
  const kind = workloadKinds[ref.kind];
  if (!input.files && (await input.reader.servedVersion(kind)) === undefined) return notServed(ref, kind);
  return absence(
    input.reader,
    kind,
    { name: ref.name, namespace },
    {
      flag: "-n",
      spelled: (near) => `${shortKind[ref.kind]}/${near}`,
      otherwise: missingHint(input, kind, "it"),
    },
  );
}

function notServed(ref: WorkloadRef, kind: Kind): UserError {
  return new UserError(
    `Cannot read ${ref.kind} ${ref.name}: the cluster does not serve ${resourceName(kind)}`,
    {
      hint: `Install ${isToolkitKind(ref.kind) ? "Flux first (flux install)" : "the Flux Operator first"}, or choose another --context`,
      exitCode: ExitCode.notServed,
    },
  );
}
