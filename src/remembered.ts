/**
 * A function that is asked once for each key, and keeps every answer for as long as it lives.
 *
 * @param keyOf the same for whatever is answered alike
 */
export function remembered<Asked, Answer>(
  keyOf: (asked: Asked) => string,
  answer: (asked: Asked) => Answer,
): (asked: Asked) => Answer {
  const answers = new Map<string, { answer: Answer }>();
  return (asked) => {
    const key = keyOf(asked);
    const known = answers.get(key);
    if (known) return known.answer;
    const given = answer(asked);
    answers.set(key, { answer: given });
    return given;
  };
}
