/** DOGE's steps on one layer with everything in the module's memory from the first step to the last. */
import { type Descent, type DescentState, descend as plain, stepScales } from "#core/doge/descend.ts";
import { PACKED_FACTORS } from "./linalg.ts";
import { areaOf, type KernelModule } from "./module.ts";

/** Layers that take more than this many bytes at once are left to the plain form. */
const MOST_BYTES = 2 ** 31;

/** What becomes of the gradient. */
const WHOLE = 0;
const OUTSIDE = 1;
const INSIDE = 2;

/** See `Kernels.descend`. */
export function descend(
  module: KernelModule,
  problem: Descent,
  state: DescentState,
  steps: number,
  learningRate: number,
): Float64Array<ArrayBuffer> {
  const { rows, columns, taus, gaps, coefficients, basis, isInside } = problem;
  const n = rows * columns;
  const stride = areaOf(n * 4);
  const rank = basis ? basis.length / rows : 0;
  const count = coefficients.length;
  const sizes = [
    stride * taus.length,
    stride * count,
    stride * count,
    stride * count,
    stride,
    stride,
    columns * 4,
    count * 4,
    gaps.length * 8,
    rows * rank * 4,
    rank * columns * 4,
    PACKED_FACTORS,
  ];
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES)
    return plain(problem, state, steps, learningRate);
  const [
    tauAt,
    deltaAt,
    firstAt,
    secondAt,
    gradient,
    inside,
    change,
    scales,
    gapAt,
    basisAt,
    coordinates,
    room,
  ] = module.areas(...sizes);
  const { run } = module;
  const moving = [
    [deltaAt, state.deltas],
    [firstAt, state.first],
    [secondAt, state.second],
  ] as const;
  for (const [j, tau] of taus.entries()) module.put(tau, 0, n, tauAt + j * stride);
  for (const [at, arrays] of moving) {
    for (const [m, array] of arrays.entries()) module.put(array, 0, n, at + m * stride);
  }
  module.floats(scales, count).set(coefficients);
  module.doubles(gapAt, gaps.length).set(gaps);
  if (basis) module.put(basis, 0, basis.length, basisAt);

  const losses = new Float64Array(steps);
  const part = basis ? (isInside ? INSIDE : OUTSIDE) : WHOLE;
  const row = rank * 4;
  for (let s = 0; s < steps; s++) {
    losses[s] = run.descendGradient(
      gradient,
      change,
      deltaAt,
      scales,
      count,
      tauAt,
      taus.length,
      gapAt,
      rows,
      columns,
      stride,
    );
    if (basis) {
      const wide = columns * 4;
      run.matmul(coordinates, basisAt, 4, row, gradient, wide, 4, rank, rows, columns, room);
      run.matmul(inside, basisAt, row, 4, coordinates, wide, 4, rows, rank, columns, room);
    }
    state.steps++;
    const [rate, root] = stepScales(state.steps, learningRate);
    for (let m = 0; m < count; m++) {
      const [delta, first, second] = [deltaAt, firstAt, secondAt].map((at) => at + m * stride);
      run.descendAdam(delta, first, second, gradient, inside, part, coefficients[m], rate, root, n);
    }
  }
  for (const [at, arrays] of moving) {
    for (const [m, array] of arrays.entries()) module.take(array, 0, n, at + m * stride);
  }
  return losses;
}
