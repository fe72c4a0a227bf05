/** One entry of `status.inventory.entries`. */
export interface InventoryEntry {
  /** `NAMESPACE_NAME_GROUP_KIND`; cluster-scoped objects start with `_`, a colon in a name is written `__` */
  id: string;
  /** the API version */
  v: string;
}

export interface InventoryItem {
  /** "" for cluster-scoped objects */
  namespace: string;
  name: string;
  group: string;
  kind: string;
}

/** What an inventory id names (fluxcd/cli-utils `ObjMetadata`); undefined for a text of another form. */
export function parseInventoryId(id: string): InventoryItem | undefined {
  const match = /^([^_]*)_(.*)_([^_]*)_([^_]+)$/.exec(id);
  if (!match) return undefined;
  const [, namespace = "", name = "", group = "", kind = ""] = match;
  return { namespace, name: name.replaceAll("__", ":"), group, kind };
}
