/** Solving A x = b for symmetric positive definite A, in f64. */

/**
 * Factors A (n × n, row-major; the lower triangle is read) into L Lᵀ; returns L, whose upper triangle is not meaningful,
 * or undefined when A is not positive definite.
 */
export function cholesky(a: Float64Array, n: number): Float64Array<ArrayBuffer> | undefined {
  const l = Float64Array.from(a);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = l[i * n + j];
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      if (i > j) l[i * n + j] = sum / l[j * n + j];
      else if (sum > 0) l[j * n + j] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return l;
}

/** Solves L Lᵀ x = b in place of b (n values). */
export function applyInverse(l: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * b[k];
    b[i] = sum / l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i] /= l[i * n + i];
    // Column i of Lᵀ is row i of L: the array is walked along its rows.
    for (let k = 0; k < i; k++) b[k] -= l[i * n + k] * b[i];
  }
}
