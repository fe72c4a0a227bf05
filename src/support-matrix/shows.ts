/** How much an image shows of a workload. */
export type Shows =
  | "shows"
  /** the workload is there, the objects that it applied are not */
  | "shows-without-children"
  | "does-not-show"
  /** the image's patches are not known */
  | "unknown";

export interface Verdict {
  shows: Shows;
  /** whether the source stands beside the workload */
  showsSource: boolean;
  /** why not everything is shown, without a full stop: {@link reasonFor} */
  because?: string;
}

/** Whether the workload is there, with or without its children. */
export function isShown({ shows }: Pick<Verdict, "shows">): boolean {
  return shows === "shows" || shows === "shows-without-children";
}
