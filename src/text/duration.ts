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
