import { ExitCode, UserError } from "../../errors.js";
import type { FileReader } from "../../files/file-reader.js";
import { HelmRelease } from "../../flux/helm-release.js";
import { Kustomization } from "../../flux/kustomization.js";
import { type Workload, type WorkloadKind, workloadFrom, workloadKinds } from "../../flux/workload.js";
import type { WorkloadRef } from "../../flux/workload-ref.js";
import { isForbidden } from "../../kube/failure.js";
import type { Reader } from "../../kube/kube.js";
import type { Kind } from "../../kube/object.js";
import type { Input } from "./input.js";
import type { Request } from "./request.js";

/** The workloads that a command line means, and an error for each that could not be had. */
export interface Selected {
  workloads: Workload[];
  failures: UserError[];
}

/** @param namespace `-n` */
export async function selectWorkloads(request: Request, input: Input, namespace: string): Promise<Selected> {
  const { selection } = request;
  if ("refs" in selection) {
    const [ref, ...others] = selection.refs;
    if (ref && others.length === 0) return { workloads: [await single(ref, input, namespace)], failures: [] };
    return input.files
      ? oneByOne(selection.refs, input, namespace)
      : several(selection.refs, input, namespace);
  }
  return all(selection, input, namespace);
}

type All = Extract<Request["selection"], { all: true }>;

async function all({ kinds, everywhere, labels }: All, input: Input, namespace: string): Promise<Selected> {
  await requireFlux(input);
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
    if (input.files)
      failures.push(...(input.reader as FileReader).contradictions(workloadKinds[kind], { labels }));
  }
  return { workloads, failures };
}

async function single(ref: WorkloadRef, input: Input, namespace: string): Promise<Workload> {
  const kind = kindOf(ref.kind);
  const found = await input.reader.find(kind, { name: ref.name, namespace });
  if (found) return workloadFrom(found, input.fileOf(found));
  if (!input.files && (await input.reader.servedVersion(kind)) === undefined) throw notServed(ref, kind);
  throw await notFound(ref, input, namespace);
}

/** Several REFs from files, where looking up costs nothing. */
async function oneByOne(refs: readonly WorkloadRef[], input: Input, namespace: string): Promise<Selected> {
  const selected: Selected = { workloads: [], failures: [] };
  for (const ref of refs) {
    try {
      selected.workloads.push(await single(ref, input, namespace));
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
  const failures: UserError[] = [];
  for (const kind of new Set(refs.map((ref) => ref.kind))) {
    const names = new Set(refs.filter((ref) => ref.kind === kind).map(({ name }) => name));
    await collect(kind, input, { namespace, labels: undefined }, (workload) => {
      if (names.has(workload.name)) found.set(`${kind}/${workload.name}`, workload);
    });
  }
  const workloads: Workload[] = [];
  for (const ref of refs) {
    const workload = found.get(`${ref.kind}/${ref.name}`);
    if (workload) workloads.push(workload);
    else failures.push(await absence(ref, input, namespace));
  }
  return { workloads, failures };
}

async function absence(ref: WorkloadRef, input: Input, namespace: string): Promise<UserError> {
  const kind = kindOf(ref.kind);
  if (!input.files && (await input.reader.servedVersion(kind)) === undefined) return notServed(ref, kind);
  return notFound(ref, input, namespace);
}

async function collect(
  kind: WorkloadKind,
  { reader, fileOf }: Input,
  options: { namespace: string | undefined; labels: string | undefined },
  take: (workload: Workload) => void,
): Promise<void> {
  for await (const page of reader.list(kindOf(kind), options)) {
    for (const object of page) take(workloadFrom(object, fileOf(object)));
  }
}

function kindOf(kind: WorkloadKind): Kind<Kustomization> | Kind<HelmRelease> {
  return kind === "Kustomization" ? Kustomization : HelmRelease;
}

/** Without the CRDs of either kind there is no Flux; a single kind that is missing is no reason to stop. */
async function requireFlux({ reader, files }: Input): Promise<void> {
  if (files) return;
  const served = await Promise.all(Object.values(workloadKinds).map((kind) => reader.servedVersion(kind)));
  if (served.some((version) => version !== undefined)) return;
  throw new UserError(
    "Cannot list Flux workloads: the cluster serves neither Kustomizations nor HelmReleases of Flux",
    {
      hint: "Install Flux first (flux install), or choose another --context",
      exitCode: ExitCode.notServed,
    },
  );
}

function notServed(ref: WorkloadRef, kind: Kind): UserError {
  return new UserError(
    `Cannot read ${ref.kind} ${ref.name}: the cluster does not serve ${kind.plural}.${kind.group}`,
    {
      hint: "Install Flux first (flux install), or choose another --context",
      exitCode: ExitCode.notServed,
    },
  );
}

/** "Not found" looks further: where else is an object of this name? */
async function notFound(
  ref: WorkloadRef,
  { reader, files, missingHint }: Input,
  namespace: string,
): Promise<UserError> {
  const elsewhere = await namespacesWith(ref, reader);
  const sentence = `${ref.kind} ${ref.name} not found in ${namespace}`;
  const [first] = elsewhere;
  if (first !== undefined) {
    return new UserError(`${sentence}; it is in ${elsewhere.join(", ")}`, {
      hint: `Add -n ${first}`,
      exitCode: ExitCode.notFound,
    });
  }
  return new UserError(sentence, {
    hint: files
      ? missingHint("it")
      : `See what there is: kubectl get ${kindOf(ref.kind).plural}.${kindOf(ref.kind).group} -A`,
    exitCode: ExitCode.notFound,
  });
}

async function namespacesWith(ref: WorkloadRef, reader: Reader): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const page of reader.list(kindOf(ref.kind), { name: ref.name })) {
      found.push(...page.map(({ metadata }) => metadata.namespace ?? ""));
    }
  } catch (error) {
    // a kindness: who may not look elsewhere is told what is known
    if (!(error instanceof UserError)) throw error;
  }
  return found;
}
