/** What one recipe won and lost against another, example by example. */
import { mcnemar, NO_CLASS, type Predictions } from "./metrics.ts";
import type { Flip, PairedComparison } from "./report.ts";
import type { EvalTask, Examples, InputSpec } from "./suite.ts";

/** Two recipes on the first n examples of a task. */
export interface Pair {
  readonly task: EvalTask;
  readonly n: number;
  readonly now: Predictions;
  readonly before: Predictions;
  /** At least n rows. */
  readonly examples: Examples;
}

/** Counts what was won and lost, with McNemar's exact p. */
export function pairedComparison(pair: Pair): PairedComparison {
  let won = 0;
  let lost = 0;
  for (let row = 0; row < pair.n; row++) {
    const kind = flipKind(pair, row);
    if (kind === "won") won++;
    else if (kind === "lost") lost++;
  }
  return { task: pair.task.id, n: pair.n, won, lost, p: mcnemar(won, lost) };
}

/** Returns up to `limit` won and `limit` lost examples over all pairs, hardest first, ties in suite order. */
export function flipsOf(pairs: readonly Pair[], input: InputSpec, limit: number): readonly Flip[] {
  const found: { readonly pair: Pair; readonly row: number; readonly kind: Flip["kind"] }[] = [];
  for (const pair of pairs) {
    for (let row = 0; row < pair.n; row++) {
      const kind = flipKind(pair, row);
      if (kind) found.push({ pair, row, kind });
    }
  }
  found.sort((a, b) => b.pair.examples.el2n[b.row] - a.pair.examples.el2n[a.row]);
  const hardest = (kind: Flip["kind"]) => found.filter((flip) => flip.kind === kind).slice(0, limit);
  return [...hardest("won"), ...hardest("lost")].map(({ pair, row, kind }) => flip(pair, row, kind, input));
}

function flipKind({ now, before, examples }: Pair, row: number): Flip["kind"] | undefined {
  const label = examples.labels[row];
  if (now[row] === label) return before[row] === label ? undefined : "won";
  return before[row] === label ? "lost" : undefined;
}

function flip(
  { task, now, before, examples }: Pair,
  row: number,
  kind: Flip["kind"],
  input: InputSpec,
): Flip {
  const { height, width } = input;
  const pixels = height * width;
  return {
    task: task.id,
    row,
    kind,
    label: className(task, examples.labels[row]),
    before: className(task, before[row]),
    after: className(task, now[row]),
    el2n: examples.el2n[row],
    pixels: examples.images.slice(row * pixels, (row + 1) * pixels),
    width,
    height,
  };
}

/** "" for an example on which the model gave no number at all. */
function className({ classes }: EvalTask, index: number): string {
  return index === NO_CLASS ? "" : (classes[index] ?? "");
}
