import type { ClusterConnection } from "../cluster/connection.js";
import type { ArgocdVersion } from "./programs.js";

/** How to reach a running rig. Plain data: it goes from vitest's main process to its workers. */
export interface RigConnection {
  cluster: ClusterConnection;
  /** the API server's, see `audit.ts` */
  auditLog: string;
  /** what Flux's controllers send, see `flux-events.ts` */
  fluxEvents: string;
  /** where programs are stopped and started, see `control.ts` */
  controlUrl: string;
  /** one file a program, "NAME.log" */
  logs: string;
  /** bare repositories in `folder` are served at `url` */
  git: { url: string; folder: string };
  /** charts and OCI artifacts in `folder` are served at `url` */
  published: { url: string; folder: string };
  redis: { port: number };
  argocd: Record<ArgocdVersion, ArgocdConnection>;
  /** of Argo CD's application-controller, for Prometheus */
  metricsUrl: string;
  /** the program */
  kubectl: string;
}

export interface ArgocdConnection {
  /** "3.6.1" */
  release: string;
  /** of its argocd-server, without TLS and without login: "http://127.0.0.1:PORT" */
  url: string;
  /** its command line, the program */
  cli: string;
}

declare module "vitest" {
  interface ProvidedContext {
    /** whom to ask for a rig, an address */
    rigs: string;
    /** why there is none: the programs are not to be had; "" where they are */
    noRig: string;
  }
}
