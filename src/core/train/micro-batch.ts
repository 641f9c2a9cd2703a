/** A batch in equal parts: every run of a graph takes the same number of rows. */
import { LOSS_INPUTS } from "../autodiff/loss.ts";
import type { GraphTensor } from "../graph-runner.ts";
import type { GradientBatch } from "./gradients.ts";

/** Rows per run are a multiple of this above it: a few sessions serve all sizes, and little is padding. */
const GRAIN = 4;

/**
 * Returns the rows of each run for a batch of so many rows: equal parts of at most `limit`, rounded up to a multiple
 * of four. It depends on nothing else, so that the same batch always gives the same bits.
 */
export function microBatchRows(rows: number, limit: number): number {
  const runs = Math.ceil(rows / limit);
  const part = Math.ceil(rows / runs);
  return Math.min(limit, part <= GRAIN ? part : Math.ceil(part / GRAIN) * GRAIN);
}

/** What of a batch the graph of a loss is fed, by input: the examples under `input`, and the loss's own. */
export type BatchFeeds = Readonly<Record<string, GraphTensor>>;

/**
 * Returns rows [begin, begin + size) of the batch. Beyond its end the last example is repeated with weight 0: real
 * values, since zeros could make a network divide by zero, and 0 · NaN is NaN.
 */
export function sliceBatch(
  batch: GradientBatch,
  input: { readonly name: string; readonly shape: readonly number[] },
  begin: number,
  size: number,
): BatchFeeds {
  const end = Math.min(begin + size, batch.rows);
  const width = batch.x.length / batch.rows;
  const feeds: Record<string, GraphTensor> = {
    [input.name]: { data: paddedRows(batch.x, width, begin, end, size), shape: [size, ...input.shape] },
    [LOSS_INPUTS.weights]: { data: weightsOf(batch, begin, end, size), shape: [size] },
  };
  if (batch.labels) {
    feeds[LOSS_INPUTS.labels] = { data: labelsOf(batch.labels, begin, end, size), shape: [size] };
  }
  if (batch.targets) {
    const classes = batch.targets.length / batch.rows;
    feeds[LOSS_INPUTS.targets] = {
      data: paddedRows(batch.targets, classes, begin, end, size),
      shape: [size, classes],
    };
  }
  return feeds;
}

/** A view of the rows where they suffice, a padded copy otherwise. */
function paddedRows(rows: Float32Array, width: number, begin: number, end: number, size: number) {
  const given = rows.subarray(begin * width, end * width);
  if (end - begin === size) return given;
  const padded = new Float32Array(size * width);
  padded.set(given);
  const last = rows.subarray((end - 1) * width, end * width);
  for (let row = end - begin; row < size; row++) padded.set(last, row * width);
  return padded;
}

function weightsOf(
  { weights, rows }: GradientBatch,
  begin: number,
  end: number,
  size: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(size);
  for (let row = begin; row < end; row++) out[row - begin] = weights ? weights[row] : 1 / rows;
  return out;
}

function labelsOf(
  labels: ArrayLike<number>,
  begin: number,
  end: number,
  size: number,
): BigInt64Array<ArrayBuffer> {
  const out = new BigInt64Array(size);
  for (let row = 0; row < size; row++) out[row] = BigInt(labels[Math.min(begin + row, end - 1)]);
  return out;
}
