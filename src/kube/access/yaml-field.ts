/** The steps from the root of a YAML file to a value, such as ["users", 0, "name"]. */
export type FieldPath = readonly (string | number)[];

/** A value that is not what stands at this place in such a file. */
export class ShapeError extends Error {
  readonly path: FieldPath;

  constructor(path: FieldPath, mustBe: string) {
    super(`${nameOf(path)} must be ${mustBe}`);
    this.name = "ShapeError";
    this.path = path;
  }
}

/**
 * One value of parsed YAML, together with its place. As in kubectl null means "not there", and so does an empty text.
 *
 * @throws ShapeError from every reader that finds something else than it asks for
 */
export class Field {
  readonly value: unknown;
  readonly path: FieldPath;

  constructor(value: unknown, path: FieldPath = []) {
    this.value = value ?? undefined;
    this.path = path;
  }

  at(key: string): Field {
    return new Field(this.#map()[key], [...this.path, key]);
  }

  /** Key and value of a map, in the order of the file. */
  entries(): [string, Field][] {
    return Object.entries(this.#map()).map(([key, value]) => [key, new Field(value, [...this.path, key])]);
  }

  list(): Field[] {
    if (this.value === undefined) return [];
    if (!Array.isArray(this.value)) throw new ShapeError(this.path, "a list");
    return this.value.map((value, index) => new Field(value, [...this.path, index]));
  }

  text(): string | undefined {
    if (this.value === undefined || this.value === "") return undefined;
    if (typeof this.value !== "string") throw new ShapeError(this.path, "text (put it in quotes)");
    return this.value;
  }

  texts(): string[] {
    return this.list().map((field) => field.text() ?? "");
  }

  flag(): boolean {
    if (this.value === undefined) return false;
    if (typeof this.value !== "boolean") throw new ShapeError(this.path, "true or false");
    return this.value;
  }

  /** What base64 stands for, as text. */
  decoded(): string | undefined {
    const text = this.text();
    if (text === undefined) return undefined;
    // Buffer.from() skips what is not base64, and a key that was damaged would fail much later
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)) throw new ShapeError(this.path, "base64");
    return Buffer.from(text, "base64").toString("utf8");
  }

  #map(): Record<string, unknown> {
    if (this.value === undefined) return {};
    if (typeof this.value !== "object" || Array.isArray(this.value))
      throw new ShapeError(this.path, "a map of fields");
    return this.value as Record<string, unknown>;
  }
}

/** "users[0].user.token" */
function nameOf(path: FieldPath): string {
  if (path.length === 0) return "the file";
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

export interface Place {
  /** both counted from 0 */
  line: number;
  column: number;
}

/** Where the value at `steps` stands, or the nearest one above it that is there. */
export async function placeOf(steps: FieldPath, text: string): Promise<Place | undefined> {
  // js-yaml keeps no positions of values; this is needed only here, so the slower reader does not matter
  const { LineCounter, parseDocument, isNode } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, merge: true });
  for (let length = steps.length; length > 0; length--) {
    const node = document.getIn(steps.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const { line, col } = lines.linePos(node.range[0]);
    return { line: line - 1, column: col - 1 };
  }
  return undefined;
}
