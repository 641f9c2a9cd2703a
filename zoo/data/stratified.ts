/** Orders whose every beginning holds the classes in nearly equal shares. */
import { coin } from "../../src/core/random.ts";
import type { CoinKey } from "../../src/core/tensor/kernels.ts";

/**
 * Returns row numbers, shuffled within each class and spread so that every prefix is close to class-balanced.
 *
 * @param most rows of one class
 */
export function stratified(
  labels: readonly number[],
  key: CoinKey,
  most = Number.POSITIVE_INFINITY,
): number[] {
  const classes = new Map<number, number[]>();
  for (const [row, label] of labels.entries()) classes.set(label, [...(classes.get(label) ?? []), row]);
  const placed = [...classes.values()].flatMap((rows) => {
    const shuffled = rows.sort((a, b) => coin(key, a) - coin(key, b) || a - b).slice(0, most);
    return shuffled.map((row, rank) => ({ row, at: (rank + 0.5) / shuffled.length }));
  });
  return placed.sort((a, b) => a.at - b.at || coin(key, a.row) - coin(key, b.row)).map(({ row }) => row);
}
