import type { Application, ApplicationStatus } from "../argo/application.js";
import type { ApplicationTree } from "../argo/application-tree.js";
import { linksIn } from "./node/links.js";

/** The addresses and images of everything in a tree, and the links that people put on the Application itself. */
export function summaryOf(
  tree: ApplicationTree,
  application: Application,
): NonNullable<ApplicationStatus["summary"]> {
  const urls = tree.nodes.flatMap(({ networkingInfo }) => networkingInfo?.externalURLs ?? []);
  const externalURLs = [...new Set([...urls, ...linksIn(application.metadata.annotations)])].sort();
  const images = [...new Set(tree.nodes.flatMap((node) => node.images ?? []))].sort();
  return {
    ...(externalURLs.length > 0 ? { externalURLs } : {}),
    ...(images.length > 0 ? { images } : {}),
  };
}
