/**
 * Patterns that are matched in one walk over the text: all places of the pattern where it may stand are kept at once, so that no
 * pattern and no text makes it start over.
 */
export type Step =
  /** takes one character; `repeats`: any number of them, also none */
  | { takes: Taker; repeats?: boolean }
  /** takes nothing and goes on at each of these places */
  | { to: readonly number[] };

export type Taker = (character: string) => boolean;

/** All places where one may stand at the same time, and where characters lead from there, as far as that was asked already. */
interface State {
  places: readonly number[];
  next: Map<string, State | "nowhere">;
}

/** So much is kept of what was asked: more states and characters cost time, and no memory. */
const mostStates = 200;
const mostNext = 100;

/**
 * Whether a text matches from end to end. Takes as many steps as text times pattern have characters, at most, and mostly as many
 * as the text.
 */
export function stepsMatcher(steps: readonly Step[]): (text: string) => boolean {
  const known = new Map<string, State>();
  /** These places and all that are reached from there without taking anything. */
  const stateOf = (places: readonly number[]): State => {
    const reached = new Set(places);
    // grows while it is walked
    for (const place of reached) {
      const step = steps[place];
      if (step && "to" in step) for (const one of step.to) reached.add(one);
      else if (step?.repeats) reached.add(place + 1);
    }
    const sorted = [...reached].sort((one, other) => one - other);
    const key = sorted.join();
    const state = known.get(key) ?? { places: sorted, next: new Map() };
    if (known.size < mostStates) known.set(key, state);
    return state;
  };
  const from = ({ places }: State, character: string): State | "nowhere" => {
    const next: number[] = [];
    for (const place of places) {
      const step = steps[place];
      if (step && "takes" in step && step.takes(character)) next.push(step.repeats ? place : place + 1);
    }
    return next.length === 0 ? "nowhere" : stateOf(next);
  };
  const start = stateOf([0]);
  return (text) => {
    let state = start;
    for (const character of text) {
      let next = state.next.get(character);
      if (next === undefined) {
        next = from(state, character);
        // what is not known itself must not hold others
        const isKept = next === "nowhere" || known.get(next.places.join()) === next;
        if (isKept && state.next.size < mostNext) state.next.set(character, next);
      }
      if (next === "nowhere") return false;
      state = next;
    }
    return state.places.includes(steps.length);
  };
}

/** Takes that character. */
export function exactly(character: string): Taker {
  return (one) => one === character;
}

/** Takes what lies in one of these ranges, `[first, last]`, or, negated, in none. */
export function within(ranges: readonly (readonly [string, string])[], negated: boolean): Taker {
  const points = ranges.map(([first, last]) => [pointOf(first), pointOf(last)] as const);
  return (character) => {
    const point = pointOf(character);
    return points.some(([first, last]) => first <= point && point <= last) !== negated;
  };
}

/** By which characters are in order. */
export function pointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
