const factors: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 1000n],
  "": [1n, 1n],
  k: [1000n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [1n << 10n, 1n],
  Mi: [1n << 20n, 1n],
  Gi: [1n << 30n, 1n],
  Ti: [1n << 40n, 1n],
  Pi: [1n << 50n, 1n],
  Ei: [1n << 60n, 1n],
};

/**
 * A Kubernetes quantity in thousandths, rounded up (apimachinery `resource.Quantity`): 100 for "100m", 1500 for "1.5".
 * 0 for what is no quantity: the API server lets none through.
 */
export function milliValue(quantity: string | number): number {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(quantity),
  );
  if (!match) return 0;
  const [, sign, whole = "", fraction = "", exponent = "0", suffix = ""] = match;
  const power = Number(exponent);
  const [numerator, denominator] = factors[suffix] ?? [0n, 1n];
  const above = BigInt(`0${whole}${fraction}`) * numerator * 1000n * 10n ** BigInt(Math.max(power, 0));
  const below = denominator * 10n ** BigInt(fraction.length + Math.max(-power, 0));
  const rounded = Number((above + below - 1n) / below);
  return sign === "-" ? -rounded : rounded;
}
