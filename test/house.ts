import { dirname, join } from "node:path";

/**
 * Which room of src/ may lean on which, directly or through another, from the roof to the ground. What is not in the house
 * yet has its place in it already. "kube/object-id.ts" is that file alone, "types of kube/" are imports of types.
 */
export const house = {
  "cli/": ["all below"],
  "commands/": ["all below"],
  "install/": ["loopback/", "gather/", "applications/", "survey/", "argo/", "support-matrix/", "kube/"],
  "operate/": ["workloads/", "report/", "flux/", "kube/"],
  "applications/": ["workloads/", "argo/", "kube/"],
  "workloads/": ["follow/", "flux/", "files/", "kube/"],
  "clusters/": ["argo/", "kube/"],
  "convert/": ["argo/", "flux/"],
  "loopback/": ["applications/names.ts", "applications/remove.ts", "all below"],
  "gather/": ["report/", "kube/"],
  "report/": ["flux/", "argo/", "kube/field-set.ts"],
  "survey/": ["flux/installed/", "argo/installed/", "kube/"],
  "argo/": ["flux/", "support-matrix/", "kube/container/", "kube/label-selector.ts"],
  "support-matrix/": ["flux/"],
  "flux/": ["kube/object-id.ts", "kube/kinds.ts", "kube/label-selector.ts", "kube/readiness.ts"],
  "follow/": ["files/", "flux/", "kube/concurrently.ts", "types of kube/"],
  "files/": ["kube/object-id.ts", "kube/label-selector.ts", "types of kube/"],
  "kube/": [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What every room may use, and what leans on nothing of the others. */
export const ground = [
  "output/",
  "text/",
  "abort.ts",
  "assets.ts",
  "breathe.ts",
  "drop-nulls.ts",
  "errors.ts",
  "names.ts",
  "program-path.ts",
  "redact.ts",
  "remembered.ts",
  "several.ts",
  "grouped.ts",
  "is-map.ts",
  "version.ts",
  "yaml-of-go.ts",
  "yaml.ts",
] as const;

/** An import of one file of src/ in another, by their paths below src/. */
export interface Import {
  from: string;
  to: string;
  /** nothing but types */
  types: boolean;
}

/** All imports of files of ours in a file's text: of values and types, at the top and where they are needed. */
export function importsIn(from: string, text: string): Import[] {
  const statement =
    /^(?:import|export)\s(?:(type)\s)?([^"';]*?)\s?from\s"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;
  return [...text.matchAll(statement)].map(([, type, names = "", path, lazy]) => ({
    from,
    to: join(dirname(from), path ?? lazy ?? "").replace(/\.js$/, ".ts"),
    types: type !== undefined || /^\{(\s*type\s\w+( as \w+)?,?)+\s*\}$/.test(names),
  }));
}

type Room = keyof typeof house;

const rooms = Object.keys(house) as Room[];

function roomOf(path: string): Room | undefined {
  return rooms.find((room) => path.startsWith(room));
}

const isGround = (path: string) => ground.some((place) => path.startsWith(place));

const remedy = "move what both need down into the lowest room that knows its words";

/**
 * Why an import should not be, as a sentence that says where the thing belongs; undefined when it may.
 *
 * @param commands each with the file or folder of commands/ that it lives in: "version.ts", "check/"
 */
export function objectionTo(one: Import, commands: readonly string[]): string | undefined {
  const why = isGround(one.to) ? undefined : whyNot(one, commands);
  return why && `src/${one.from} imports src/${one.to}: ${why}`;
}

function whyNot({ from, to, types }: Import, commands: readonly string[]): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (isGround(from)) return "what every room uses leans on no room: take it as a parameter";
  if (!room)
    return "its folder is no room of the house: give it a row in test/house.ts, or put the file where its words are known";
  if (room === other) {
    const command = from === "commands/index.ts" ? undefined : commandOf(to, commands);
    if (command === undefined || command === commandOf(from, commands)) return undefined;
    return `commands do not import each other; ${remedy}, or beside commands/command.ts`;
  }
  // it holds types only, of which everybody speaks
  if (to === "kube/object.ts" || mayLean(room, to, types)) return undefined;
  if (other === "cli/" || other === "commands/")
    return `nothing below ${other} imports from it: take it as a parameter, or ${remedy}`;
  const places = house[room].join(", ") || "nothing but what every room uses";
  return `${room} may lean on ${places}; ${remedy}`;
}

/** Whether a room may lean on a file, by and by. */
function mayLean(room: Room, to: string, types: boolean): boolean {
  const reach = new Set<string>(
    house[room].flatMap((place) => (place === "all below" ? rooms.slice(rooms.indexOf(room) + 1) : place)),
  );
  // grows while it is walked
  for (const place of reach) {
    const next = place.endsWith(".ts") ? undefined : roomOf(place);
    for (const below of next ? house[next] : []) reach.add(below);
  }
  return [...reach].some((place) => to.startsWith(place) || (types && to.startsWith(typesOf(place))));
}

const typesOf = (place: string) => place.replace(/^types of /, "");

function commandOf(path: string, commands: readonly string[]): string | undefined {
  return commands.find((command) => path.startsWith(`commands/${command}`));
}

/**
 * The circles among files and folders, a sentence each: in every folder, the files and folders in it, each folder taken as one
 * thing, lean on each other in one direction only.
 */
export function circlesAmong(imports: readonly Import[]): string[] {
  const leaning = new Map<string, Map<string, Import>>();
  for (const one of imports) {
    const [thing, other] = partingOf(one);
    if (thing === other) continue;
    const known = leaning.get(thing) ?? new Map<string, Import>();
    if (!known.has(other)) leaning.set(thing, known.set(other, one));
  }
  const told = new Set<string>();
  const circles: string[] = [];
  for (const thing of leaning.keys()) {
    const way = told.has(thing) ? undefined : wayBackTo(thing, leaning);
    if (!way) continue;
    for (const one of way) told.add(partingOf(one)[0]);
    circles.push(describe(way));
  }
  return circles;
}

/** Two things in the same folder: the first in which the paths differ. */
function partingOf({ from, to }: Import): [string, string] {
  const [one, other] = [from.split("/"), to.split("/")];
  const depth = one.findIndex((part, index) => part !== other[index]) + 1;
  const thing = (parts: string[]) => parts.slice(0, depth).join("/") + (parts.length > depth ? "/" : "");
  return [thing(one), thing(other)];
}

function wayBackTo(
  start: string,
  leaning: ReadonlyMap<string, ReadonlyMap<string, Import>>,
): Import[] | undefined {
  const ways = new Map<string, Import[]>([[start, []]]);
  // grows while it is walked, the shortest ways first
  for (const [thing, way] of ways) {
    for (const [other, one] of leaning.get(thing) ?? []) {
      if (other === start) return [...way, one];
      if (!ways.has(other)) ways.set(other, [...way, one]);
    }
  }
  return undefined;
}

function describe(way: readonly Import[]): string {
  const things = way.map((one) => `src/${partingOf(one)[0]}`);
  const steps = way.map(({ from, to }) => `src/${from} imports src/${to}`);
  return `${things.join(", ")} lean on each other: ${steps.join(", ")}; ${remedy}`;
}

/** Names of API groups of Flux and Argo CD among the texts of a file. */
export function foreignGroupsIn(text: string): string[] {
  return [...text.matchAll(/"[^"\n]*\b(?:fluxcd\.io|argoproj\.io)[^"\n]*"/g)].map(([found]) => found);
}
