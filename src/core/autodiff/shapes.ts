/** Arithmetic of shapes. */

/** The shape that all of these broadcast to; undefined when they do not. */
export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const lead = rank - shape.length;
    for (const [i, size] of shape.entries()) {
      if (size === 1) continue;
      if (out[lead + i] !== 1 && out[lead + i] !== size) return undefined;
      out[lead + i] = size;
    }
  }
  return out;
}

export function equalShapes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** Row-major strides; 0 along axes that are broadcast to `rank` dimensions. */
export function stridesOf(shape: readonly number[], rank = shape.length): number[] {
  const strides = new Array<number>(rank).fill(0);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[rank - shape.length + i] = shape[i] === 1 ? 0 : stride;
    stride *= shape[i];
  }
  return strides;
}

/** 0, 1, …, n − 1. */
export function indices(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The shape with axes of size 1 put in, at these places of the result. */
export function withAxes(shape: readonly number[], axes: readonly number[]): number[] {
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i < shape.length + axes.length; i++) out.push(axes.includes(i) ? 1 : shape[next++]);
  return out;
}

/** The shape without these axes. */
export function withoutAxes(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.filter((_, i) => !axes.includes(i));
}
