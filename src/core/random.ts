/**
 * Randomness without a stream: a coin is a function of (seed, expert, tensor name, element index), so masks depend
 * neither on the order of tensors and experts nor on the number of workers, and survive a change of the stop step.
 */
import type { CoinKey } from "./tensor/kernels.ts";

/** Coins are integers below this; exact in f64 and in a signed 32-bit comparison. */
export const coinRange = 2 ** 24;

/**
 * Mixes 32 bits into 32 bits, bijectively.
 *
 * The shifts and multipliers 16, 0x21f0aaad, 15, 0xd35a2d97, 15 are the low-bias integer hash published in
 * github.com/skeeto/hash-prospector, issue 19.
 */
export function mix(x: number): number {
  const a = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  const b = Math.imul(a ^ (a >>> 15), 0xd35a2d97);
  return b ^ (b >>> 15);
}

/** Hashes (seed, expert id, tensor name) into the key of one stream of coins; equal arguments, equal key. */
export function coinKey(seed: number, expert: string, tensor: string): CoinKey {
  return {
    k0: absorb(absorb(mix(seed ^ 0x243f6a88), expert), tensor),
    k1: absorb(absorb(mix(seed ^ 0x85a308d3), expert), tensor),
  };
}

/** Gives the coin of one element: an integer in 0…2^24 − 1. */
export function coin(key: CoinKey, index: number): number {
  return mix(mix((index + key.k0) | 0) ^ key.k1) >>> 8;
}

/** Gives the bound below which a coin keeps its element, at this density (0…1). */
export function coinLimit(density: number): number {
  return Math.floor(density * coinRange);
}

/** Folds a string into 32 bits of state; its length goes first, so that ("ab", "c") and ("a", "bc") differ. */
function absorb(state: number, text: string): number {
  let hash = mix(state ^ text.length);
  for (let i = 0; i < text.length; i++) hash = mix((hash + text.charCodeAt(i)) | 0);
  return hash;
}
