/** What one recipe won and lost against another, example by example. */

import { exampleSize, type InputSpec } from "./input.ts";
import { mcnemar, NO_CLASS, type Predictions } from "./metrics.ts";
import type { Flip, PairedComparison, ShownExample } from "./report.ts";
import type { EvalTask, Examples } from "./suite.ts";

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
  const score = ({ pair, row }: (typeof found)[number]) => pair.examples.difficulty?.el2n[row] ?? 0;
  found.sort((a, b) => score(b) - score(a));
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
  const el2n = examples.difficulty?.el2n[row];
  return {
    task: task.id,
    row,
    kind,
    label: className(task, examples.labels[row]),
    before: className(task, before[row]),
    after: className(task, now[row]),
    ...(el2n !== undefined && { el2n }),
    example: shownExample(examples, row, input),
  };
}

/** Numbers of a "values" example that travel to the page; nobody reads more. */
const MAX_SHOWN = 8;

/** Returns an example as a person sees it, copied. */
export function shownExample({ inputs }: Examples, row: number, input: InputSpec): ShownExample {
  const size = exampleSize(input);
  if (inputs.kind === "text") return { kind: "text", text: inputs.texts[row] ?? "" };
  if (inputs.kind === "image" && input.kind === "image") {
    return { kind: "image", pixels: inputs.images.slice(row * size, (row + 1) * size), shape: input.shape };
  }
  const values = inputs.kind === "values" ? inputs.values.subarray(row * size, (row + 1) * size) : [];
  return { kind: "values", values: Array.from(values.slice(0, MAX_SHOWN)) };
}

/** "" for an example on which the model gave no number at all. */
function className({ classes }: EvalTask, index: number): string {
  return index === NO_CLASS ? "" : (classes[index] ?? "");
}
