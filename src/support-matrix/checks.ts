/** What stands at one place of a file and is not what should stand there. */
export class Fault extends Error {
  /** @param place "candidates[3].profile"; empty for the whole */
  constructor(place: string, what: string) {
    super(place === "" ? what : `${place}: ${what}`);
  }
}

/** Makes a T of whatever was read, or throws a {@link Fault}. */
export type Check<T> = (value: unknown, place: string) => T;

export const text: Check<string> = (value, place) => {
  if (typeof value !== "string") throw new Fault(place, `${shown(value)} is no text`);
  return value;
};

export const wholeNumber: Check<number> = (value, place) => {
  if (!Number.isInteger(value) || (value as number) < 0)
    throw new Fault(place, `${shown(value)} is no whole number`);
  return value as number;
};

/** @param what "a date such as 2023-09-19" */
export function matching(pattern: RegExp, what: string): Check<string> {
  return (value, place) => {
    if (typeof value !== "string" || !pattern.test(value))
      throw new Fault(place, `${shown(value)} is not ${what}`);
    return value;
  };
}

export function oneOf<const T extends readonly (string | null)[]>(choices: T): Check<T[number]> {
  return (value, place) => {
    if (!choices.includes(value as T[number]))
      throw new Fault(place, `${shown(value)} is none of ${choices.map(String).join(", ")}`);
    return value as T[number];
  };
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, place) => (value === null ? null : check(value, place));
}

export function list<T>(check: Check<T>, least = 0): Check<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw new Fault(place, `${shown(value)} is no list`);
    if (value.length < least) throw new Fault(place, "the list is empty");
    return value.map((item, index) => check(item, `${place}[${index}]`));
  };
}

/** An object whose keys are names. */
export function record<T>(check: Check<T>): Check<Record<string, T>> {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(objectAt(value, place)).map(([key, item]) => [key, check(item, keyAt(place, key))]),
    );
}

type Fields<T> = { [K in keyof T]-?: Check<Exclude<T[K], undefined>> };

/** An object with these fields; further ones are for readers that know them. */
export function object<T extends object>(fields: Fields<T>, optional: readonly (keyof T)[] = []): Check<T> {
  return (value, place) => {
    const given = objectAt(value, place);
    const checked: Record<string, unknown> = {};
    for (const [key, check] of Object.entries<Check<unknown>>(fields)) {
      if (Object.hasOwn(given, key)) checked[key] = check(given[key], keyAt(place, key));
      else if (!optional.includes(key as keyof T)) throw new Fault(place, `${key} is missing`);
    }
    return checked as T;
  };
}

function objectAt(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Fault(place, `${shown(value)} is no object`);
  return value as Record<string, unknown>;
}

function keyAt(place: string, key: string): string {
  const plain = /^[A-Za-z_$][\w$]*$/.test(key);
  return plain ? (place === "" ? key : `${place}.${key}`) : `${place}[${JSON.stringify(key)}]`;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "undefined";
  return json.length > 60 ? `${Array.from(json).slice(0, 57).join("")}...` : json;
}
