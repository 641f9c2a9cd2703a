/** The two operations on matrices that merging needs. Matrices are row-major. */

/** The leading k left singular vectors, descending. Signs and, among equal values, rotations are not determined. */
export interface LeftVectors {
  /** rows × k, row-major; columns are orthonormal. Zero columns where the singular value is 0. */
  readonly u: Float64Array;
  /** k values ≥ 0. */
  readonly s: Float64Array;
}

/** The leading k singular triples. */
export interface Svd extends LeftVectors {
  /** columns × k, row-major; columns are orthonormal. */
  readonly v: Float64Array;
}

/** A matrix as a factor of a product; `transposed` reads it the other way round without moving anything. */
export interface Factor {
  readonly data: Float32Array;
  /** As it lies in memory. */
  readonly rows: number;
  readonly columns: number;
  readonly transposed?: boolean;
}

export interface LinearAlgebra {
  /** @param k 1…min(rows, columns) */
  svd(x: Float32Array, rows: number, columns: number, k: number): Svd;
  /** `svd` without the right vectors: less work unless the matrix is tall. */
  leftVectors(x: Float32Array, rows: number, columns: number, k: number): LeftVectors;
  /** Fills out (m × n) with a (m × k) · b (k × n): f32 sums in the order of k, every product and sum rounded. */
  matmul(out: Float32Array, a: Factor, b: Factor): void;
}

/** The left half, with zero columns where the singular value is 0: u is changed in place. */
export function leftHalf({ u, s }: LeftVectors): LeftVectors {
  const k = s.length;
  const rank = s.indexOf(0);
  if (rank >= 0) for (let end = k; end <= u.length; end += k) u.fill(0, end - k + rank, end);
  return { u, s };
}

/** Rows and columns of a factor as it is read. */
export function readAs({ rows, columns, transposed }: Factor): {
  readonly rows: number;
  readonly columns: number;
} {
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}

/** @throws Error when the sizes do not fit */
export function requireProduct(out: Float32Array, a: Factor, b: Factor): void {
  const left = readAs(a);
  const right = readAs(b);
  const fits =
    left.columns === right.rows &&
    out.length === left.rows * right.columns &&
    a.data.length === a.rows * a.columns &&
    b.data.length === b.rows * b.columns;
  if (!fits) {
    throw new Error(
      `matmul: ${left.rows} × ${left.columns} by ${right.rows} × ${right.columns} into ${out.length}`,
    );
  }
}
