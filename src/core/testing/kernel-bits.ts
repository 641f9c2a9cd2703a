/** What kernels make of fixed arrays, as digests: any two of one contract, on any runtime, must give the same. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { mix } from "../random.ts";
import type { Kernels } from "../tensor/kernels.ts";

/** No multiple of four, of tiles or of chunks. */
const LENGTH = 140_003;
const COLUMNS = 2917;

/** Values of many sizes with ties and zeros; by integers only, so that no runtime's own functions take part. */
function values(seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: LENGTH }, (_, i) => {
    const word = mix((i + Math.imul(seed, 0x9e3779b9)) | 0);
    if (word % 5 === 0) return word % 2 === 0 ? 0 : -0;
    return (word % 7 === 0 ? word >> 26 : word / 2 ** 20) * 2 ** -(word & 7);
  });
}

type Result = Float32Array | Float64Array | Uint16Array | Uint32Array | object;

function digestOf(results: readonly Result[]): string {
  const hash = sha256.create();
  for (const result of results) {
    hash.update(
      ArrayBuffer.isView(result)
        ? new Uint8Array(result.buffer, result.byteOffset, result.byteLength)
        : utf8ToBytes(JSON.stringify(result)),
    );
  }
  return bytesToHex(hash.digest()).slice(0, 16);
}

/** Digests by kernel. */
export function kernelBits(kernels: Kernels): Readonly<Record<string, string>> {
  const rows = [1, 2, 3].map(values);
  const [x, y, z] = rows;
  const weights = [0.3, 1, 0.7];
  const filled = (work: (out: Float32Array) => unknown) => {
    const out = kernels.alloc(LENGTH);
    const told = work(out);
    return told === undefined ? [out] : [out, { told }];
  };
  const k = Math.floor(LENGTH / 5);
  const halves = new Uint16Array(x.buffer, 0, LENGTH);
  const whole = x.subarray(0, LENGTH - (LENGTH % COLUMNS));
  const ties = { vote: "weighted", average: "weights" } as const;
  const made: Readonly<Record<string, readonly Result[]>> = {
    delta: filled((out) => kernels.delta(out, x, y)),
    axpy: filled((out) => kernels.axpy(out, x, y, 0.3)),
    digits: [kernels.digits(x)],
    select: [kernels.select(x, k), kernels.select(x, k, kernels.digits(x)), ...kernels.selectPool(rows, k)],
    trim: filled((out) => kernels.trim(out, x, kernels.select(x, k))),
    drop: filled((out) => kernels.drop(out, x, { k0: 1, k1: -2 }, 0.2, 5)),
    quantiles: [kernels.quantiles(x, [0.1, 0.5, 0.99, 1])],
    weightedSum: filled((out) => kernels.weightedSum(out, rows, weights)),
    stitch: [
      ...filled((out) => kernels.stitch(out, rows, weights)),
      ...filled((out) => kernels.stitch(out, rows, [1, 1, 1])),
    ],
    ties: [
      ...filled((out) => kernels.ties(out, rows, weights, { ...ties, tie: "plus" })),
      ...filled((out) => kernels.ties(out, rows, weights, { ...ties, tie: "majority", average: "count" })),
    ],
    norms: [kernels.norms(x)],
    histogram: [kernels.histogram(x, 48, kernels.norms(x).max)],
    gram: [kernels.gram(rows)],
    conflicts: [kernels.conflicts(y, z)],
    ranks: [kernels.ranks(whole, COLUMNS)],
    fromHalf: [
      ...filled((out) => kernels.fromHalf(out, halves, "f16")),
      ...filled((out) => kernels.fromHalf(out, halves, "bf16")),
    ],
  };
  return Object.fromEntries(Object.entries(made).map(([name, results]) => [name, digestOf(results)]));
}
