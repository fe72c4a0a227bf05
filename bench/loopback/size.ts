/** How many Applications are measured; `FLAMINGO_BENCH_APPS` says another number. */
export const applications = Number(process.env["FLAMINGO_BENCH_APPS"] ?? 1000);

/** Workloads beyond these have four objects instead of twenty: etcd would not hold more of them. */
export const wholeWorkloads = 1000;

/** Objects of workloads, without the Flux objects, the Applications and the namespaces themselves. */
export const objects =
  Math.min(applications, wholeWorkloads) * 20 + Math.max(applications - wholeWorkloads, 0) * 4;

/** Argo CD's own controller is measured up to this number of Applications. */
export const mostNativeApplications = 1000;

/** How many changes of Flux's status are measured, each of another workload. */
export const changes = Math.min(applications, 200);
