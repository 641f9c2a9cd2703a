/** A numeric array out of a file: what readers of arrays give, whatever the file stored. */

export interface NumberArray {
  /** Row-major. */
  readonly shape: readonly number[];
  /** u8 as it is (pixels keep their range); everything else as f32, and integers that no f32 holds are refused. */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** Texts of a file (class names). */
export interface TextArray {
  readonly shape: readonly number[];
  readonly texts: readonly string[];
}

export type AnyArray = NumberArray | TextArray;

/** Largest array that is read: values. */
export const MAX_VALUES = 2 ** 28;

/** Unpacks deflate (raw) or gzip; the platform's. @throws when the bytes are damaged or unpack to more than `limit` */
export type Inflate = (
  bytes: Uint8Array<ArrayBuffer>,
  format: "deflate-raw" | "gzip",
  limit: number,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Reorders an array that is stored column by column (Fortran order) to row-major. */
export function rowMajor<T extends Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(
  values: T,
  shape: readonly number[],
  out: T,
): T {
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const index = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    let at = 0;
    for (let d = 0; d < shape.length; d++) at += index[d] * strides[d];
    out[i] = values[at];
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  return out;
}
