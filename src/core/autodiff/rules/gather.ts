/**
 * Selections by index. A gradient goes back to where its entry came from; entries that were taken more than once add up.
 *
 * Operator sets before 16 have no scatter that adds. There, rows are added by a product: with a one-hot matrix where the
 * table is short, and else with the matrix that tells which rows go to the same place, so that long vocabularies fit.
 */
import { sizeOf } from "../../tensor/tensor.ts";
import { axisOf, numberOf, required } from "../attributes.ts";
import { cast, placed, reduced, reshapedTo, transposed, zeros } from "../emit.ts";
import { FOLD_LIMIT, sourceIndices } from "../fold.ts";
import type { Builder, OpRule, ValueType } from "../rule.ts";
import { indices, stridesOf } from "../shapes.ts";
import { misfit } from "../unsupported.ts";

/** First operator set in which scatters add. */
const SCATTER_ADDS = 16;

const gatherRule: OpRule = {
  ops: ["Gather"],

  infer(node, inputs) {
    const data = required(node, inputs, 0);
    const index = required(node, inputs, 1);
    const axis = axisOf(node, numberOf(node, "axis", 0), data.shape.length);
    const shape = [...data.shape.slice(0, axis), ...index.shape, ...data.shape.slice(axis + 1)];
    const constant = gathered(data, index, axis, sizeOf(shape));
    return [constant ? { dtype: data.dtype, shape, constant } : { dtype: data.dtype, shape }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const [data, index] = node.inputs;
    const { shape } = builder.type(data);
    const axis = axisOf(node, numberOf(node, "axis", 0), shape.length);
    const taken = builder.type(index);
    const q = sizeOf(taken.shape);
    const run = runOf(taken, shape[axis]);
    if (run !== undefined) {
      const part = reshapedTo(builder, gradient, shape.with(axis, q));
      return [placed(builder, part, axis, run, shape[axis])];
    }
    const before = sizeOf(shape.slice(0, axis));
    const after = sizeOf(shape.slice(axis + 1));
    const split = reshapedTo(builder, gradient, [before, q, after]);
    const rows = reshapedTo(builder, transposed(builder, split, [1, 0, 2]), [q, before * after]);
    const added = addedRows(builder, rows, reshapedTo(builder, index, [q]), shape[axis]);
    const whole = reshapedTo(builder, added, [shape[axis], before, after]);
    return [reshapedTo(builder, transposed(builder, whole, [1, 0, 2]), shape)];
  },
};

const gatherElements: OpRule = {
  ops: ["GatherElements"],

  infer(node, inputs) {
    const { dtype, shape } = required(node, inputs, 0);
    const index = required(node, inputs, 1);
    if (index.shape.length !== shape.length) throw misfit(node, [shape, index.shape]);
    return [{ dtype, shape: index.shape }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const [data, index] = node.inputs;
    const { shape } = builder.type(data);
    const axis = axisOf(node, numberOf(node, "axis", 0), shape.length);
    if (builder.opset < SCATTER_ADDS) return [addedAlong(builder, gradient, index, axis, shape)];
    const scatter = [zeros(builder, shape), index, gradient];
    return [builder.op("ScatterElements", scatter, { axis, reduction: "add" })];
  },
};

const gatherNd: OpRule = {
  ops: ["GatherND"],

  infer(node, inputs) {
    const { dtype, shape } = required(node, inputs, 0);
    const index = required(node, inputs, 1).shape;
    const depth = numberOf(node, "batch_dims", 0) + index[index.length - 1];
    if (depth > shape.length) throw misfit(node, [shape, index]);
    return [{ dtype, shape: [...index.slice(0, -1), ...shape.slice(depth)] }];
  },

  vjp(node, [gradient], wants, builder) {
    if (!gradient || !wants[0]) return [];
    const { shape } = builder.type(node.inputs[0]);
    const batch = numberOf(node, "batch_dims", 0);
    const flat = flatIndex(builder, node.inputs[1], shape, batch);
    const [q] = builder.type(flat).shape;
    const rows = reshapedTo(builder, gradient, [q, sizeOf(builder.type(gradient).shape) / q]);
    const n = sizeOf(shape) / builder.type(rows).shape[1];
    return [reshapedTo(builder, addedRows(builder, rows, flat, n), shape)];
  },
};

export const gather: readonly OpRule[] = [gatherRule, gatherElements, gatherNd];

/** The entries, where data and index are known. */
function gathered(
  { shape, constant: data }: ValueType,
  { constant: index }: ValueType,
  axis: number,
  n: number,
): readonly number[] | undefined {
  if (!data || !index || n > FOLD_LIMIT) return undefined;
  const strides = stridesOf(shape);
  const before = sourceIndices(shape.slice(0, axis), strides);
  const after = sourceIndices(shape.slice(axis + 1), strides.slice(axis + 1));
  const places = index.map((i) => (i < 0 ? i + shape[axis] : i) * strides[axis]);
  return before.flatMap((b) => places.flatMap((place) => after.map((a) => data[b + place + a])));
}

/** Where known indices begin if they count up one by one; a single index does. */
function runOf({ constant }: ValueType, size: number): number | undefined {
  if (!constant || constant.length === 0) return undefined;
  const counted = constant.map((i) => (i < 0 ? i + size : i));
  return counted.every((i, k) => i === counted[0] + k) ? counted[0] : undefined;
}

/** Adds rows (q × m) into n rows of zeros, each at its index (q). */
function addedRows(builder: Builder, rows: string, index: string, n: number): string {
  const [q, m] = builder.type(rows).shape;
  const places = cast(builder, index, "i64");
  const scattered = (updates: string, attributes: { reduction?: string }) =>
    builder.op(
      "ScatterND",
      [zeros(builder, [n, m]), reshapedTo(builder, places, [q, 1]), updates],
      attributes,
    );
  if (builder.opset >= SCATTER_ADDS) return scattered(rows, { reduction: "add" });
  return n < q
    ? builder.op("Gemm", [oneHot(builder, places, n), rows], { transA: 1 })
    : scattered(totalsOfEqual(builder, rows, places, n), {});
}

/** Each row (of q) becomes the sum of all rows of its index: whichever is written last, it is right. */
function totalsOfEqual(builder: Builder, rows: string, places: string, n: number): string {
  const [q] = builder.type(places).shape;
  const fromFront = builder.op("Mod", [places, builder.ints([n])]);
  const [down, across] = [
    [q, 1],
    [1, q],
  ].map((shape) => reshapedTo(builder, fromFront, shape));
  const areEqual = cast(builder, builder.op("Equal", [down, across]), "f32");
  return builder.op("MatMul", [areEqual, rows]);
}

/** Adds values along one axis of zeros at the index of each; along the other axes they stay where they are. */
function addedAlong(
  builder: Builder,
  values: string,
  index: string,
  axis: number,
  shape: readonly number[],
): string {
  const own = builder.type(values).shape;
  const hot = oneHot(builder, cast(builder, index, "i64"), shape[axis]);
  const spread = builder.op("Mul", [reshapedTo(builder, values, [...own, 1]), hot]);
  const sum = reduced(builder, "ReduceSum", spread, [axis], false);
  const last = own.length - 1;
  const others = indices(last);
  const whole = transposed(builder, sum, [...others.slice(0, axis), last, ...others.slice(axis)]);
  return indices(shape.length)
    .filter((i) => i !== axis)
    .reduce((value, i) => placed(builder, value, i, 0, shape[i]), whole);
}

/** 1 at the index and 0 elsewhere, along a new last axis of n entries. */
function oneHot(builder: Builder, index: string, n: number): string {
  return builder.op("OneHot", [index, builder.ints([n]), builder.floats([0, 1], [2])], { axis: -1 });
}

/** The index (… × depth) of GatherND as row numbers (q) of the data with its indexed axes made one. */
function flatIndex(builder: Builder, index: string, shape: readonly number[], batch: number): string {
  const own = builder.type(index).shape;
  const depth = own[own.length - 1];
  const sizes = shape.slice(batch, batch + depth);
  const strides = sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));
  const fromFront = builder.op("Mod", [cast(builder, index, "i64"), builder.ints(sizes)]);
  const steps = builder.op("Mul", [fromFront, builder.ints(strides)]);
  const flat = reduced(builder, "ReduceSum", steps, [own.length - 1], false);
  const batches = sizeOf(shape.slice(0, batch));
  const q = sizeOf(own) / depth;
  const first = indices(batches).map((i) => i * sizeOf(sizes));
  const grid = reshapedTo(builder, flat, [batches, q / batches]);
  const shifted = builder.op("Add", [grid, reshapedTo(builder, builder.ints(first), [batches, 1])]);
  return reshapedTo(builder, shifted, [q]);
}
