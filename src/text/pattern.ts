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

/** Whether a text matches from end to end. Takes as many steps as text times pattern have characters, at most. */
export function stepsMatcher(steps: readonly Step[]): (text: string) => boolean {
  const reachedIn = new Float64Array(steps.length + 1);
  let round = 0;
  /** These places and all that are reached from there without taking anything, each once. */
  const openedFrom = (places: readonly number[]): number[] => {
    round++;
    const reached: number[] = [];
    const reach = (place: number) => {
      if (reachedIn[place] === round) return;
      reachedIn[place] = round;
      reached.push(place);
    };
    places.forEach(reach);
    // grows while it is walked
    for (const place of reached) {
      const step = steps[place];
      if (step && "to" in step) step.to.forEach(reach);
      else if (step?.repeats) reach(place + 1);
    }
    return reached;
  };
  return (text) => {
    let places = openedFrom([0]);
    for (const character of text) {
      const next: number[] = [];
      for (const place of places) {
        const step = steps[place];
        if (step && "takes" in step && step.takes(character)) next.push(step.repeats ? place : place + 1);
      }
      if (next.length === 0) return false;
      places = openedFrom(next);
    }
    return places.includes(steps.length);
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
