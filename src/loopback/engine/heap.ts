import { setFlagsFromString } from "node:v8";

/**
 * Trades time for memory, of which a pod has less: most of what is read of a cluster is garbage a moment later. V8 collects
 * it when the heap has grown by a fifth, where it would let it double and more, and the space for young objects stays at the
 * few MB that it has by now, where it would grow to 32 MB (Node 20) or 128 MB (Node 24).
 *
 * @returns puts it back, for whoever else runs in this process
 */
export function keepHeapSmall(): () => void {
  setFlags(20, 1);
  return () => setFlags(0, 2);
}

/** Flags of V8 that may be set at any time (`flag-definitions.h`; Node 20 to 24). The defaults are 0, for V8's own choice, and 2. */
function setFlags(heapGrowingPercent: number, semiSpaceGrowthFactor: number): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
  setFlagsFromString(`--semi-space-growth-factor=${semiSpaceGrowthFactor}`);
}
