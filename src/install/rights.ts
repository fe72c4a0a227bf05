import { UserError } from "../errors.js";
import { grouped } from "../grouped.js";
import { canI, mayI } from "../kube/access-review.js";
import type { Access } from "../kube/asked.js";
import type { Kube } from "../kube/kube.js";
import { keyOf, objectId } from "../kube/object-id.js";
import { resourceName } from "../kube/resource.js";
import { andList } from "../text/and-list.js";

/** Of these rights, those that whoever runs this does not have; each is asked about once. */
export async function missingRights(kube: Kube, wanted: Iterable<Access>): Promise<Access[]> {
  const accesses = new Map<string, Access>();
  for (const access of wanted) {
    const { verb, kind, namespace } = access;
    accesses.set(`${verb} ${keyOf(objectId(kind, { namespace, name: "" }))}`, access);
  }
  const needed = [...accesses.values()];
  const allowed = await Promise.all(needed.map((access) => mayI(kube, access)));
  return needed.filter((_, index) => !allowed[index]);
}

/** "you may not patch deployments.apps in argocd", those of the same verbs and the same place as one. */
function mayNot(missing: readonly Access[]): string[] {
  const verbsFor = grouped(
    missing.map(({ verb, kind, namespace = "" }) => [`${resourceName(kind)} ${namespace}`, verb]),
  );
  const kindsFor = grouped(
    [...verbsFor].map(([key, verbs]) => {
      const [kind = "", namespace = ""] = key.split(" ");
      return [`${verbs.join(" or ")}|${namespace}`, kind];
    }),
  );
  return [...kindsFor].map(([key, kinds]) => {
    const [verbs, namespace] = key.split("|");
    return `you may not ${verbs} ${andList(kinds)}${namespace ? ` in ${namespace}` : ""}`;
  });
}

/**
 * @param doing "install", "uninstall"
 * @param missing the first of which one can ask about
 * @param more what else the API server refuses: "cannot apply ClusterRole admin: …"
 */
export function withoutRights(
  doing: string,
  missing: readonly Access[],
  more: readonly string[] = [],
): UserError {
  const [first] = missing;
  return new UserError(`Cannot ${doing} with these rights: ${[...mayNot(missing), ...more].join("; ")}`, {
    hint: `Choose another --context or --as, or ask for the rights${first ? `; to check one: ${canI(first)}` : ""}`,
  });
}
