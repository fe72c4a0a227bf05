const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** What Go counts in 63 bits of nanoseconds: 292 years. */
const longestMs = 2 ** 63 / 1e6;

/**
 * A duration as Go writes it ("1h30m", "1.5s", "0") in milliseconds; a bare number of seconds, as kubectl's
 * `--request-timeout` takes it, too. Undefined for anything else, for negative ones, and for longer ones than Go knows.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return known(Number(text) * 1000);
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)];
  const matched = parts.reduce((length, part) => length + part[0].length, 0);
  if (parts.length === 0 || matched !== text.length) return undefined;
  return known(parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ""] ?? 0), 0));
}

function known(ms: number): number | undefined {
  return ms < longestMs ? ms : undefined;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** From so long on, in which units, as kubectl does it (k8s.io/apimachinery/pkg/util/duration `HumanDuration`). */
const ageForms: readonly (readonly [
  fromMs: number,
  unit: string,
  unitMs: number,
  rest?: string,
  restMs?: number,
])[] = [
  [8 * year, "y", year],
  [2 * year, "y", year, "d", day],
  [8 * day, "d", day],
  [2 * day, "d", day, "h", hour],
  [8 * hour, "h", hour],
  [3 * hour, "h", hour, "m", minute],
  [10 * minute, "m", minute],
  [2 * minute, "m", minute, "s", second],
  [0, "s", second],
];

/** An age as kubectl writes it: "45s", "3m20s", "5h", "2d3h", "400d"; "0s" for what is yet to come, since clocks differ. */
export function renderAge(ms: number): string {
  const age = Math.max(0, ms);
  const [, unit, unitMs, rest, restMs] = ageForms.find(([from]) => age >= from) ?? [0, "s", second];
  const whole = `${Math.floor(age / unitMs)}${unit}`;
  const left = restMs === undefined ? 0 : Math.floor((age % unitMs) / restMs);
  return left === 0 ? whole : `${whole}${left}${rest}`;
}
