/** Tensors as matrices, for methods that look at singular directions. */

export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/** (out × in) of a matrix, (out × in · kh · kw) of a convolution's kernel; undefined for vectors and for single rows or columns. */
export function asMatrix(shape: readonly number[]): MatrixShape | undefined {
  if (shape.length < 2) return undefined;
  const [rows] = shape;
  const columns = shape.slice(1).reduce((product, size) => product * size, 1);
  return rows > 1 && columns > 1 ? { rows, columns } : undefined;
}
