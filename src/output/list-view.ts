import { visible } from "../text/visible.js";
import type { Screen } from "./screen.js";
import { renderTable } from "./table.js";
import type { Voice } from "./voice.js";
import { jsonItems, writeAll } from "./write.js";

export const listFormats = ["table", "wide", "json", "yaml", "name"] as const;

export type ListFormat = (typeof listFormats)[number];

/** How the items of a read command are shown. */
export interface ListView<T> {
  /** head → cell; null is shown as "-" */
  columns: Readonly<Record<string, (item: T) => string | null>>;
  /** further ones of `-o wide` */
  wide?: Readonly<Record<string, (item: T) => string | null>>;
  /** for `-o name`: a line that other commands take */
  name(item: T): string;
  /** for stderr, when there is nothing to show */
  empty: string;
}

/** Prints a list in one of its formats; `json` and `yaml` are the items themselves, as `{"items": […]}`. */
export async function printList<T>(
  items: readonly T[],
  view: ListView<T>,
  format: ListFormat,
  deps: { stdout: Screen; say: Voice; signal: AbortSignal },
): Promise<void> {
  if (items.length === 0 && format !== "json" && format !== "yaml") deps.say.act(view.empty);
  await writeAll(deps.stdout, await render(items, view, format), deps.signal);
}

async function render<T>(
  items: readonly T[],
  view: ListView<T>,
  format: ListFormat,
): Promise<Iterable<string> | AsyncIterable<string>> {
  switch (format) {
    case "json":
      return jsonItems(items);
    case "yaml": {
      // loaded here: few want it, and its library is large
      const { renderYaml } = await import("../yaml.js");
      return [renderYaml({ items })];
    }
    case "name":
      return items.map((item) => `${visible(view.name(item))}\n`);
    default: {
      const { heads, rowOf } = tableOf(view, format);
      return [renderTable(heads, items.map(rowOf))];
    }
  }
}

/** What a view shows of an item in a table. */
export function tableOf<T>(
  view: Pick<ListView<T>, "columns" | "wide">,
  format: "table" | "wide",
): { heads: string[]; rowOf(item: T): string[] } {
  const columns = Object.entries({ ...view.columns, ...(format === "wide" ? view.wide : {}) });
  return {
    heads: columns.map(([head]) => head),
    rowOf: (item) => columns.map(([, cell]) => cell(item) ?? "-"),
  };
}
