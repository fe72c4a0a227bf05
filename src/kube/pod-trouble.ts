import type { ContainerStatus, Pod } from "./kinds.js";
import type { KubeObject } from "./object.js";
import { findCondition } from "./readiness.js";

/** What keeps a container of a Pod from running, in the kubelet's words. */
export interface Trouble {
  container: string;
  /** "ImagePullBackOff: Back-off pulling image …" */
  why: string;
  /** "never": nobody but people can mend it; "pull": so it is after some tries; "may": it may come right by itself */
  recovers: "never" | "pull" | "may";
}

/** So often has a container failed when nobody believes any more that it was too early. */
const manyRestarts = 5;

/** The kubelet says it of an image for other machines, and of a program that no machine can run. */
const wrongMachine = /exec format error|no matching manifest/i;

const pullReasons = ["ErrImagePull", "ImagePullBackOff"];
const hopelessReasons = ["InvalidImageName", "ErrImageNeverPull"];

export function troublesOf({ status = {} }: Pod): Trouble[] {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return all.flatMap((one) => troubleOf(one) ?? []);
}

/** Why a Pod is not ready, and by which of its containers, where it is one; undefined where nothing tells. */
export function whyNotReady(pod: Pod): { container: string | undefined; why: string } | undefined {
  const [trouble] = troublesOf(pod);
  if (trouble) return trouble;
  const unready = (pod.status?.containerStatuses ?? []).find(({ ready, state }) => state?.running && !ready);
  if (unready) return { container: unready.name, why: "it runs, and is not ready" };
  const scheduled = findCondition(pod, "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  return { container: undefined, why: scheduled.message ?? scheduled.reason ?? "it is not scheduled" };
}

/** What a quota or a policy refuses never becomes a Pod: why, as what makes Pods says it. */
export function refusalOf(maker: KubeObject): string | undefined {
  const failure = findCondition(maker, "ReplicaFailure");
  return failure?.status === "True" ? failure.message : undefined;
}

function troubleOf(status: ContainerStatus): Trouble | undefined {
  const { name = "", state, lastState, restartCount = 0, ready } = status;
  // what it died of before, as when its Node was started anew, is over
  if (state?.running && ready) return undefined;
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  const reason = waiting?.reason ?? (ended?.exitCode ? ended.reason : undefined);
  if (reason === undefined || reason === "PodInitializing" || reason === "ContainerCreating")
    return undefined;
  const words = [waiting?.message, ended?.message].filter((text) => text).join("; ");
  const trouble = { container: name, why: words === "" ? reason : `${reason}: ${words}` };
  if (wrongMachine.test(words) || hopelessReasons.includes(reason)) return { ...trouble, recovers: "never" };
  if (pullReasons.includes(reason)) return { ...trouble, recovers: "pull" };
  const isHopeless = restartCount >= manyRestarts && !state?.running;
  return { ...trouble, recovers: isHopeless ? "never" : "may" };
}
