/** The compiled kernels and the memory that they work in: a few tiles, never a whole tensor. */
import { kernels } from "virtual:kernels";

/** Exports of src/kernels/assembly/index.ts; addresses and counts are numbers. */
export interface Exports {
  delta(out: number, a: number, b: number, n: number): void;
  axpy(out: number, base: number, x: number, factor: number, n: number): void;
  scale(out: number, x: number, factor: number, n: number): void;
  trim(out: number, x: number, key: number, ties: number, n: number): number;
  drop(out: number, x: number, k0: number, k1: number, limit: number, factor: number, n: number): number;
  weightedSum(out: number, rows: number, stride: number, weights: number, count: number, n: number): void;
  stitch(out: number, rows: number, stride: number, weights: number, count: number, n: number): void;
  stitchEvenly(out: number, rows: number, stride: number, count: number, n: number): void;
  ties(
    out: number,
    rows: number,
    stride: number,
    weights: number,
    ballots: number,
    shares: number,
    count: number,
    zeroSign: number,
    divides: number,
    n: number,
  ): void;
  balance(rows: number, stride: number, ballots: number, count: number, n: number): number;
  absolute(sums: number, x: number, n: number): void;
  dot(sums: number, a: number, b: number, n: number): void;
  largest(x: number, n: number, seen: number): number;
  nonZero(x: number, n: number): number;
  nonFinite(x: number, n: number): number;
  conflicts(a: number, b: number, n: number): bigint;
  histogram(counts: number, bins: number, x: number, perUnit: number, n: number): void;
  topDigits(counts: number, x: number, n: number): void;
  between(out: number, x: number, low: number, high: number, n: number): bigint;
  rank(
    found: number,
    keys: number,
    work: number,
    n: number,
    wanted: number,
    low: number,
    bits: number,
    counts: number,
  ): void;
  findTies(found: number, x: number, key: number, wanted: number, n: number): void;
  countAbove(x: number, key: number, n: number): number;
  matmul(
    out: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    m: number,
    k: number,
    n: number,
    room: number,
  ): void;
  gram(out: number, x: number, xRow: number, xColumn: number, m: number, n: number, room: number): void;
  descendGradient(
    gradient: number,
    change: number,
    deltas: number,
    coefficients: number,
    modifications: number,
    taus: number,
    experts: number,
    gaps: number,
    rows: number,
    columns: number,
    stride: number,
  ): number;
  descendAdam(
    delta: number,
    first: number,
    second: number,
    gradient: number,
    inside: number,
    part: number,
    coefficient: number,
    rate: number,
    root: number,
    n: number,
  ): void;
  tridiagonalise(a: number, d: number, e: number, h: number, room: number, n: number): void;
  qlImplicit(d: number, e: number, z: number, width: number, n: number): number;
  inverseIteration(
    d: number,
    e: number,
    values: number,
    vectors: number,
    count: number,
    norm: number,
    room: number,
    n: number,
  ): number;
  orthogonalise(a: number, v: number, squares: number, m: number, n: number, sweeps: number): void;
  orthonormalise(rows: number, count: number, n: number): void;
  backTransform(a: number, h: number, vectors: number, count: number, n: number): void;
  ranks(ranks: number, x: number, n: number, room: number): void;
  fromBfloat16(out: number, halves: number, n: number): void;
  fromFloat16(out: number, halves: number, n: number): void;
}

const PAGE = 65_536;
/** Bytes that a kernel may write too many: 31 entries of fromFloat16. Uneven, so that areas do not share cache lines' places. */
const OVERRUN = 144;
/** Of the shuffles that pack lanes, as assembly/select.ts has it. Bytes before stay unused: an address of 0 is a mistake. */
const PACKING = 512;
/** Areas begin here. */
const START = 1024;

/** Bytes from the beginning of one area to that of the next. */
export function areaOf(size: number): number {
  return (size + OVERRUN) & ~15;
}

/** One instance with a memory of its own; not shared between threads. */
export class KernelModule {
  readonly run: Exports;
  readonly #memory = new WebAssembly.Memory({ initial: 32 });
  #f32: Float32Array<ArrayBuffer>;
  #i32: Int32Array<ArrayBuffer>;

  constructor() {
    const instance = new WebAssembly.Instance(compiled(), { env: { memory: this.#memory } });
    // The names and types are those of assembly/index.ts; TypeScript cannot see into the module.
    this.run = instance.exports as Exports;
    this.#f32 = new Float32Array(this.#memory.buffer);
    this.#i32 = new Int32Array(this.#memory.buffer);
    new Uint8Array(this.#memory.buffer).set(packing(), PACKING);
  }

  /**
   * Lays out areas of these sizes (bytes) one after the other and returns their addresses, each a multiple of 16 and
   * with room behind for what kernels that take many entries at a time write too many. What was there before is
   * garbage; views taken before may be dead.
   */
  areas(...sizes: readonly number[]): number[] {
    let end = START;
    const at = sizes.map((size) => {
      const begin = end;
      end += areaOf(size);
      return begin;
    });
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE));
      this.#f32 = new Float32Array(this.#memory.buffer);
      this.#i32 = new Int32Array(this.#memory.buffer);
    }
    return at;
  }

  /** Copies x[begin, end) to an address. */
  put(x: Float32Array, begin: number, end: number, at: number): void {
    this.#f32.set(begin === 0 && end === x.length ? x : x.subarray(begin, end), at >> 2);
  }

  /** Copies n values from an address to x, from `begin` on. */
  take(x: Float32Array, begin: number, n: number, at: number): void {
    x.set(this.#f32.subarray(at >> 2, (at >> 2) + n), begin);
  }

  /** The memory from an address on, until the next `areas`. */
  floats(at: number, n: number): Float32Array {
    return this.#f32.subarray(at >> 2, (at >> 2) + n);
  }

  ints(at: number, n: number): Int32Array {
    return this.#i32.subarray(at >> 2, (at >> 2) + n);
  }

  doubles(at: number, n: number): Float64Array {
    return new Float64Array(this.#memory.buffer, at, n);
  }

  halves(at: number, n: number): Uint16Array {
    return new Uint16Array(this.#memory.buffer, at, n);
  }
}

/** Sixteen shuffles of four lanes: number m moves the lanes whose bits in m are 0 to the front, in their order. */
function packing(): number[] {
  return Array.from({ length: 16 }, (_, mask) => {
    const lanes = [0, 1, 2, 3].filter((lane) => (mask & (1 << lane)) === 0);
    return Array.from({ length: 16 }, (_, byte) => 4 * (lanes[byte >> 2] ?? 0) + (byte & 3));
  }).flat();
}

let module: WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  module ??= new WebAssembly.Module(kernels);
  return module;
}
