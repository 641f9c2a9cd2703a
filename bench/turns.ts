/** Fair timing: variants take turns, so that a busy machine is busy for all of them. */

/** Runs once and returns the milliseconds that it took. */
export type Variant = () => Promise<number>;

export interface Spent {
  readonly median: number;
  readonly least: number;
}

/** Rounds before those that count. */
const WARM_UP = 2;

/** Returns a variant that takes the time of `run`. */
export function clocked(run: () => unknown): Variant {
  return async () => {
    const begin = performance.now();
    await run();
    return performance.now() - begin;
  };
}

/** Lets variants take turns and returns the milliseconds of each, in the order of the variants. */
export async function takeTurns<Name extends string>(
  variants: Readonly<Record<Name, Variant>>,
  rounds: number,
): Promise<ReadonlyMap<Name, Spent>> {
  const names = namesOf(variants);
  const spent = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const name of names) {
      const milliseconds = await variants[name]();
      if (round >= 0) spent.get(name)?.push(milliseconds);
    }
  }
  return new Map([...spent].map(([name, list]) => [name, summary(list)]));
}

/** The upper of the two middle values where there are two; NaN of none. */
export function median(values: readonly number[]): number {
  return summary(values).median;
}

function summary(values: readonly number[]): Spent {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, least: sorted[0] ?? Number.NaN };
}

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  const names: Name[] = [];
  for (const name in record) names.push(name);
  return names;
}
