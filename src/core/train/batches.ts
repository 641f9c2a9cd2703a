/** Which examples a step sees: seeded epochs, each in an order of its own. */
import { coin, coinKey } from "../random.ts";

/** Coins are 24 bits, so a coin and an index below this fit a double exactly. */
const MAX_EXAMPLES = 2 ** 28;

export interface Batches {
  /** Returns examples [begin, begin + size) of the endless sequence of epochs; a function of (seed, begin, size) alone. */
  indices(begin: number, size: number): Uint32Array<ArrayBuffer>;
}

/** Returns the sequence of examples 0…count − 1, shuffled anew for each epoch; the same for every batch size. */
export function shuffledEpochs(count: number, seed: number): Batches {
  if (count < 1 || count > MAX_EXAMPLES) throw new Error(`${count} examples cannot be shuffled`);
  let known = -1;
  let order = new Float64Array(0);
  return {
    indices(begin, size) {
      const out = new Uint32Array(size);
      for (let i = 0; i < size; i++) {
        const epoch = Math.floor((begin + i) / count);
        if (epoch !== known) {
          order = shuffled(count, seed, epoch);
          known = epoch;
        }
        out[i] = order[(begin + i) % count] % MAX_EXAMPLES;
      }
      return out;
    },
  };
}

/** Indices under their coins, sorted: coin · 2²⁸ + index. */
function shuffled(count: number, seed: number, epoch: number): Float64Array<ArrayBuffer> {
  const key = coinKey(seed, "epoch", String(epoch));
  const keyed = new Float64Array(count);
  for (let i = 0; i < count; i++) keyed[i] = coin(key, i) * MAX_EXAMPLES + i;
  return keyed.sort();
}
