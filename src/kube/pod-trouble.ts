import type { ContainerStatus, Pod } from "./kinds.js";

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

function troubleOf({ name = "", state, lastState, restartCount = 0 }: ContainerStatus): Trouble | undefined {
  const waiting = state?.waiting;
  const ended = state?.terminated ?? lastState?.terminated;
  const reason = waiting?.reason ?? (ended?.exitCode ? ended.reason : undefined);
  if (reason === undefined || reason === "PodInitializing" || reason === "ContainerCreating")
    return undefined;
  const words = [waiting?.message, ended?.message].filter((text) => text).join("; ");
  const trouble = { container: name, why: words === "" ? reason : `${reason}: ${words}` };
  if (wrongMachine.test(words) || hopelessReasons.includes(reason)) return { ...trouble, recovers: "never" };
  if (pullReasons.includes(reason)) return { ...trouble, recovers: "pull" };
  return { ...trouble, recovers: restartCount >= manyRestarts ? "never" : "may" };
}
