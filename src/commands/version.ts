import { tagOf } from "../argo/image.js";
import { sharedNames } from "../argo/installed/disagreements.js";
import type { InstalledArgo } from "../argo/installed/evidence.js";
import { ExitCode } from "../errors.js";
import type { InstalledFlux } from "../flux/installed/installed-flux.js";
import type { ListView } from "../output/list-view.js";
import type { Survey } from "../survey/survey.js";
import { version as ownVersion } from "../version.js";
import { command } from "./command.js";
import type { Deps } from "./deps.js";
import { toggle } from "./flag.js";
import { listOutput } from "./shared-flags.js";

export const version = command({
  description: `Show the versions of flamingo, Kubernetes, Flux and Argo CD.

Flux and Argo CD are looked for in all namespaces, by what runs. What cannot be found out is "-", and said on stderr.`,
  examples: [
    ["flamingo version", "what is here, and what runs in the cluster"],
    ["flamingo version --client", "flamingo alone"],
    ["flamingo version -o json", "with every image, and what tells the version of Flux"],
  ],
  flags: {
    client: toggle("--client", "only flamingo's own version; no cluster is asked"),
    output: listOutput,
  },
  async run(deps, options) {
    const show = (items: readonly VersionRecord[]) => deps.print(items, view, options.output);
    const client: VersionRecord = { component: "flamingo", version: ownVersion };
    if (options.client) {
      await show([client]);
      return ExitCode.done;
    }
    const survey = await surveyOr(() => show([client]), deps);
    await show([client, ...recordsOf(survey)]);
    for (const remark of remarksOn(survey)) deps.say.warning(remark);
    return ExitCode.done;
  },
});

/** As with kubectl, what is known without a cluster is shown before the error about it. */
async function surveyOr(showClient: () => Promise<void>, { kube, namespaces }: Deps): Promise<Survey> {
  try {
    const { surveyCluster } = await import("../survey/survey.js");
    return await surveyCluster(await kube(), namespaces);
  } catch (error) {
    await showClient();
    throw error;
  }
}

/** One line of the table; `-o json` has the rest. */
export type VersionRecord =
  | { component: "flamingo" | "kubernetes"; version: string }
  | (Pick<InstalledFlux, "controllers" | "evidence" | "disagreements"> & {
      component: "flux";
      version: string | null;
      /** "2.9", "2.0 or 2.1" */
      minor: string | null;
      namespace: string | null;
      owner: InstalledFlux["owner"] | null;
    })
  | (Pick<InstalledArgo, "namespace" | "components" | "layout" | "disagreements"> & {
      component: "argo-cd";
      version: string | null;
      /** what told the version */
      versionFrom: InstalledArgo["versionFrom"] | null;
      flavour: "fl" | "stock" | "unknown";
      image: string;
      owner: InstalledArgo["owner"] | null;
    });

function recordsOf({ kubernetes, flux, argos }: Survey): VersionRecord[] {
  return [
    { component: "kubernetes", version: kubernetes },
    ...(flux.present || flux.controllers.length > 0 ? [fluxRecord(flux)] : []),
    ...argos.map(argoRecord),
  ];
}

function fluxRecord(flux: InstalledFlux): VersionRecord {
  const { version = null, minor = null, namespace = null, owner = null } = flux;
  const { controllers, evidence, disagreements } = flux;
  const known = version && `v${version}`;
  return { component: "flux", version: known, minor, namespace, owner, controllers, evidence, disagreements };
}

function argoRecord(argo: InstalledArgo): VersionRecord {
  const { namespace, version, versionFrom = null, image, owner = null } = argo;
  const { components, layout, disagreements } = argo;
  return {
    component: "argo-cd",
    version: version === undefined ? null : `v${version}`,
    versionFrom,
    flavour: image.flavour,
    image: image.image,
    namespace,
    owner,
    layout,
    components,
    disagreements,
  };
}

/** What is not known, and what contradicts itself, a sentence each. */
function remarksOn({ flux, argos, unknown }: Survey): string[] {
  const rights = unknown.map((sentence) => `flamingo ${sentence}`);
  const own = (name: string, sentences: readonly string[]) =>
    sentences.filter((one) => !unknown.includes(one)).map((one) => `${name}: ${one}`);
  return [
    ...rights,
    ...own("Flux", [...flux.disagreements, ...flux.unknown]),
    ...argos.flatMap((argo) => {
      const shared = sharedNames(argo, argos);
      const contradictions = argo.disagreements.filter((one) => !shared.includes(one));
      return own(`Argo CD in ${argo.namespace}`, [...contradictions, ...argo.unknown]);
    }),
  ];
}

const view: ListView<VersionRecord> = {
  columns: {
    COMPONENT: ({ component }) => component,
    VERSION: (record) => record.version ?? ("minor" in record ? record.minor : null),
    NAMESPACE: (record) => ("namespace" in record ? record.namespace : null),
    DETAIL: detailOf,
  },
  wide: { OWNER: ownerOf },
  name: (record) => ("namespace" in record ? `${record.component}/${record.namespace}` : record.component),
  empty: "",
};

function detailOf(record: VersionRecord): string | null {
  if (record.component !== "argo-cd") return null;
  if (record.flavour === "fl") return `FSA image ${tagOf(record.image)}`;
  return record.flavour === "stock" ? "stock" : record.image || null;
}

function ownerOf(record: VersionRecord): string | null {
  if (!("owner" in record) || !record.owner) return null;
  return "object" in record.owner ? record.owner.object : record.owner.name;
}
