import type { Application } from "../../argo/application.js";
import type { ReleaseOrigin } from "../../flux/revision.js";
import type { SourceChain } from "../../flux/source-chain.js";
import type { FluxWorkload } from "../../flux/workload.js";
import type { LiveObject } from "../../kube/object.js";
import { idOf, type ObjectId } from "../../kube/object-id.js";
import type { AppliedObject } from "../../report/applied.js";
import type { UnreadKind } from "../../report/managed.js";

/** What must be known of an Application to answer what somebody asks of it. */
export interface Situation {
  /** as it was read */
  application: Application;
  /** what it shows, and whether there is such a thing */
  workloadId: ObjectId;
  workload: FluxWorkload | undefined;
  chain: SourceChain;
  /** kinds of which is not known what exists */
  unread: readonly UnreadKind[];
  /** why this Application may show and do nothing, a sentence (`denialOf()`) */
  denial: string | undefined;
  /** whether that is for now: what decides cannot be read */
  isUndecided: boolean;
  /** why it may not be synced now, a sentence (`closedWindow()`) */
  closed: string | undefined;
  /** whether its AppProject permits an object (`Permissions.object`) */
  permitted(id: ObjectId): boolean;
  /** what Flux applied, as far as it may be shown */
  applied: readonly AppliedObject[];
  /** everything that may use a source: workloads, sources, image automations; asked for when Flux objects are deleted */
  flux(): Iterable<LiveObject>;
  /** of Events about it */
  eventLabels: Readonly<Record<string, string>>;
  now: Date;
}

/** The source's content, unless the AppProject keeps it out of sight. */
export function permittedContent({ chain: { content }, permitted }: Situation): LiveObject | undefined {
  return content && permitted(idOf(content)) ? content : undefined;
}

/** What a release is made of, as far as the AppProject does not keep it out of sight. */
export function permittedOrigin(situation: Situation): ReleaseOrigin {
  const { chain, permitted } = situation;
  const sources = chain.links.map(({ object }) => object).filter((object) => permitted(idOf(object)));
  return { content: permittedContent(situation), sources };
}

/** Why nothing is known of an object: "forbidden". */
export function unreadBecause({ unread }: Situation, id: ObjectId): string | undefined {
  return unread.find(({ group, kind }) => group === id.group && kind === id.kind)?.because;
}
