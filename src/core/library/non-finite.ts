/** Entries of a file that are no numbers: counted where they are stored, so that nothing is decoded for it. */
import { AppError } from "../errors.ts";
import { clip, count } from "../formats/file-error.ts";
import { type DType, decode } from "../tensor/dtype.ts";
import type { NonFiniteReport } from "./non-finite-report.ts";

/** The entries of one tensor that are no numbers. */
export interface NonFinite {
  readonly nan: number;
  /** Of either sign; f64 that rounds to an infinite f32 counts, since merging computes in f32. */
  readonly infinite: number;
  /** Row-major position of the first of them. */
  readonly first: number;
  /** Entries of the tensor. */
  readonly size: number;
}

/** Tensors that a report names one by one. */
const NAMED = 50;

/** Exponent and mantissa of the types whose bits say it at once. */
const bits = {
  f32: { exponent: 0x7f800000, mantissa: 0x007fffff },
  f16: { exponent: 0x7c00, mantissa: 0x03ff },
  bf16: { exponent: 0x7f80, mantissa: 0x007f },
} as const;

/** Counts over a tensor's bytes, which may come in pieces of whole entries. */
export class NonFiniteCount {
  readonly #dtype: DType;
  #nan = 0;
  #infinite = 0;
  #first = -1;
  #size = 0;

  constructor(dtype: DType) {
    this.#dtype = dtype;
  }

  /** @param bytes raw little-endian bytes; read, not kept */
  add(bytes: Uint8Array<ArrayBuffer>): void {
    const dtype = this.#dtype;
    if (dtype === "f32") this.#scan(words(bytes, Uint32Array), bits.f32);
    else if (dtype === "f16" || dtype === "bf16") this.#scan(words(bytes, Uint16Array), bits[dtype]);
    else this.#test(decode(bytes, dtype));
  }

  /** What was found; undefined where all entries are numbers. */
  found(): NonFinite | undefined {
    if (this.#first < 0) return undefined;
    return { nan: this.#nan, infinite: this.#infinite, first: this.#first, size: this.#size };
  }

  #scan(
    values: Uint32Array | Uint16Array,
    { exponent, mantissa }: { readonly exponent: number; readonly mantissa: number },
  ): void {
    for (let i = 0; i < values.length; i++) {
      if ((values[i] & exponent) === exponent) this.#note((values[i] & mantissa) !== 0, i);
    }
    this.#size += values.length;
  }

  #test(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) this.#note(Number.isNaN(values[i]), i);
    }
    this.#size += values.length;
  }

  #note(isNotANumber: boolean, at: number): void {
    if (this.#first < 0) this.#first = this.#size + at;
    if (isNotANumber) this.#nan++;
    else this.#infinite++;
  }
}

/** A view where the bytes lie on whole words, else a copy. */
function words<T>(
  bytes: Uint8Array<ArrayBuffer>,
  Words: { new (buffer: ArrayBuffer, offset: number, length: number): T; BYTES_PER_ELEMENT: number },
): T {
  const size = Words.BYTES_PER_ELEMENT;
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Words(buffer, byteOffset, bytes.byteLength / size);
}

/** All that was found in a model, added up. */
export function totalOf(found: ReadonlyMap<string, NonFinite>): {
  readonly nan: number;
  readonly infinite: number;
} {
  let nan = 0;
  let infinite = 0;
  for (const one of found.values()) {
    nan += one.nan;
    infinite += one.infinite;
  }
  return { nan, infinite };
}

/** Says how many entries of which tensors are no numbers, of which kind, and what can be done. */
export function nonFiniteError(
  file: string,
  found: ReadonlyMap<string, NonFinite>,
  advice = "Take a checkpoint from before training diverged, or have these entries replaced.",
): AppError {
  const { nan, infinite } = totalOf(found);
  const tensors = [...found].map(([name, one]) => `${clip(name)}: ${kindsOf(one)} / ${count(one.size)}`);
  const rest = tensors.length > 3 ? ` and ${tensors.length - 3} more tensors` : "";
  const report: NonFiniteReport = { nan, infinite, count: found.size, tensors: tensors.slice(0, NAMED) };
  return new AppError(
    "model/non-finite",
    `“${clip(file)}” has entries that are no numbers (${kindsOf({ nan, infinite })}): ${tensors.slice(0, 3).join("; ")}${rest}. ${advice}`,
    { file: clip(file, 300), ...report },
  );
}

/** "3 NaN, 1 ±∞": the same in every language. */
export function kindsOf({ nan, infinite }: Pick<NonFinite, "nan" | "infinite">): string {
  const kinds = [nan > 0 ? `${count(nan)} NaN` : "", infinite > 0 ? `${count(infinite)} ±∞` : ""];
  return kinds.filter((kind) => kind !== "").join(", ");
}
