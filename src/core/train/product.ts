/** Products of small dense matrices in f64, for the factors of adapters. */

/** A matrix, row-major. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array<ArrayBuffer>;
}

/** Copies entry (r, c) from r · rowStride + c · columnStride. */
export function matrixFrom(
  values: Float32Array,
  rows: number,
  columns: number,
  rowStride = columns,
  columnStride = 1,
): Matrix {
  const out = new Float64Array(rows * columns);
  for (let r = 0, i = 0; r < rows; r++) {
    let at = r * rowStride;
    for (let c = 0; c < columns; c++, at += columnStride) out[i++] = values[at];
  }
  return { rows, columns, values: out };
}

export function transpose({ rows, columns, values }: Matrix): Matrix {
  const out = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c];
  }
  return { rows: columns, columns: rows, values: out };
}

/** a · b. Four inner terms at a time: a third of the time of one by one. */
export function product(a: Matrix, b: Matrix): Matrix {
  const { rows, columns: inner } = a;
  const { columns, values } = b;
  const out = new Float64Array(rows * columns);
  const whole = inner - (inner % 4);
  for (let r = 0; r < rows; r++) {
    const sums = out.subarray(r * columns, (r + 1) * columns);
    const factors = a.values.subarray(r * inner, (r + 1) * inner);
    for (let k = 0; k < whole; k += 4) addFour(sums, factors, values, k);
    for (let k = whole; k < inner; k++) {
      for (let c = 0; c < columns; c++) sums[c] += factors[k] * values[k * columns + c];
    }
  }
  return { rows, columns, values: out };
}

/** sums += factors[k … k + 3] · rows k … k + 3 of a matrix as wide as `sums`. */
function addFour(sums: Float64Array, factors: Float64Array, rows: Float64Array, k: number): void {
  const f0 = factors[k];
  const f1 = factors[k + 1];
  const f2 = factors[k + 2];
  const f3 = factors[k + 3];
  const n = sums.length;
  const r0 = k * n;
  const r1 = r0 + n;
  const r2 = r1 + n;
  const r3 = r2 + n;
  for (let c = 0; c < n; c++) {
    sums[c] += f0 * rows[r0 + c] + f1 * rows[r1 + c] + f2 * rows[r2 + c] + f3 * rows[r3 + c];
  }
}
