import type { Application, Engine } from "../../argo/application.js";
import {
  clusterOf,
  engineOf,
  isElsewhere,
  loopbackStateOf,
  recordedCluster,
  recordedSourceType,
  recordsBesides,
  shownBy,
} from "../../argo/generated.js";
import type { HealthCode } from "../../argo/health.js";
import type { ObjectId } from "../../kube/object-id.js";
import { inClusterName } from "../../names.js";
import { redact, redactUrl } from "../../redact.js";

/** What is kept of an Application that flamingo made: thousands are held at once. */
export interface ShownApplication {
  namespace: string;
  name: string;
  shows: ObjectId;
  isElsewhere: boolean;
  /** "in-cluster", or the name or address of another one */
  cluster: string;
  engine: Engine | undefined;
  /** whether `flamingo loopback` speaks for it, see `loopbackStateOf()` */
  loopback: "ours" | "lost" | "other";
  /** Argo CD's word */
  health: HealthCode | undefined;
  /** Argo CD shows nothing below it */
  isEmpty: boolean;
  /** what stands in red on its page */
  error: string | undefined;
  /** as recorded when it was made */
  sourceType: string | undefined;
  /** what its labels say otherwise than it shows, as ends of a sentence */
  mislabelled: string[];
  createdAt: string | undefined;
}

export function shownApplicationFrom(application: Application): ShownApplication {
  const { metadata, status } = application;
  const error = status?.conditions?.find(({ type }) => type.endsWith("Error"));
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    shows: shownBy(application),
    isElsewhere: isElsewhere(application),
    cluster: clusterNameOf(application),
    engine: engineOf(application),
    loopback: loopbackStateOf(application),
    health: status?.health?.status,
    isEmpty: (status?.resources ?? []).length === 0,
    error: error && redact(`${error.type}: ${error.message}`),
    sourceType: recordedSourceType(application),
    mislabelled: [...recordsBesides(application), ...clusterBesides(application)],
    createdAt: metadata.creationTimestamp,
  };
}

function clusterNameOf(application: Application): string {
  if (!isElsewhere(application)) return inClusterName;
  const recorded = recordedCluster(application);
  if (recorded !== undefined && recorded !== inClusterName) return recorded;
  return redactUrl(clusterOf(application) ?? "unknown");
}

/** The Go CLI calls every cluster by the name of Argo CD's own. */
function clusterBesides(application: Application): string[] {
  const recorded = recordedCluster(application);
  if (recorded !== inClusterName || !isElsewhere(application)) return [];
  return [`flamingo/cluster-name is ${recorded}`];
}
