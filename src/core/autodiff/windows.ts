/** Geometry of sliding windows, which convolutions and pools share. Lists are by spatial axis. */
import { numberOf, numbersOf, textOf } from "./attributes.ts";
import type { OpNode } from "./rule.ts";
import { unsupported } from "./unsupported.ts";

export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after; auto_pad is resolved. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Sizes of the side that the windows slide over, and how many windows there are. */
  readonly wide: readonly number[];
  readonly count: readonly number[];
}

/** How far a window reaches: (kernel − 1) · dilation + 1. */
export function reach({ kernel, dilations }: Windows, axis: number): number {
  return (kernel[axis] - 1) * dilations[axis] + 1;
}

/** Windows that slide over spatial sizes, as Conv and the pools place them. @throws AppError autodiff/unsupported */
export function windowsOver(node: OpNode, wide: readonly number[], kernel: readonly number[]): Windows {
  const { strides, dilations, pads } = spread(node, wide.length);
  const auto = textOf(node, "auto_pad", "NOTSET");
  const roundsUp = numberOf(node, "ceil_mode", 0) === 1;
  const axes = wide.map((size, i) => {
    const span = (kernel[i] - 1) * dilations[i] + 1;
    const [before, after] = isSame(auto)
      ? split(Math.max(0, (Math.ceil(size / strides[i]) - 1) * strides[i] + span - size), auto)
      : auto === "VALID"
        ? [0, 0]
        : [pads[i], pads[wide.length + i]];
    const free = size + before + after - span;
    if (free < 0) throw unsupported(node, `has a window of ${span} over ${size} entries`);
    const last = roundsUp ? Math.ceil(free / strides[i]) : Math.floor(free / strides[i]);
    // Rounding up must not open a window that begins behind the last entry.
    return { before, after, count: last * strides[i] >= size + before ? last : last + 1 };
  });
  const count = axes.map((axis) => axis.count);
  return { kernel, strides, dilations, wide, count, ...paddings(axes) };
}

/** Windows of a transposed convolution: `count` is its input, `wide` its output. @throws AppError autodiff/unsupported */
export function windowsUnder(node: OpNode, count: readonly number[], kernel: readonly number[]): Windows {
  const rank = count.length;
  const { strides, dilations, pads } = spread(node, rank);
  const auto = textOf(node, "auto_pad", "NOTSET");
  const extra = numbersOf(node, "output_padding") ?? new Array<number>(rank).fill(0);
  const wanted = numbersOf(node, "output_shape")?.slice(-rank);
  const axes = count.map((n, i) => {
    if (extra[i] >= strides[i]) throw unsupported(node, "pads its output by a stride or more");
    const full = (n - 1) * strides[i] + extra[i] + (kernel[i] - 1) * dilations[i] + 1;
    if (!wanted && !isSame(auto)) {
      const [before, after] = auto === "VALID" ? [0, 0] : [pads[i], pads[rank + i]];
      return { before, after, wide: full - before - after };
    }
    const wide = wanted?.[i] ?? Math.min(full, n * strides[i]);
    if (wide > full) throw unsupported(node, `asks for ${wide} entries where its windows cover ${full}`);
    // The odd one is cut in front, unless SAME_UPPER: the other way round than Conv pads.
    const [before, after] = split(full - wide, auto === "SAME_UPPER" ? "SAME_UPPER" : "SAME_LOWER");
    return { before, after, wide };
  });
  const wide = axes.map((axis) => axis.wide);
  return { kernel, strides, dilations, wide, count, ...paddings(axes) };
}

/** Attributes that place the windows of `count` along `wide` when the wide side is the output (ConvTranspose). */
export function transposeAttributes(windows: Windows) {
  const { strides, dilations, before, wide, count } = windows;
  const full = count.map((n, i) => (n - 1) * strides[i] + reach(windows, i));
  const missing = wide.map((size, i) => size + before[i] - full[i]);
  return {
    strides,
    dilations,
    pads: [...before, ...missing.map((size) => Math.max(0, -size))],
    output_padding: missing.map((size) => Math.max(0, size)),
  };
}

/** Attributes that place the windows along `wide` when the wide side is the input (Conv). */
export function slideAttributes({ strides, dilations, before, after }: Windows) {
  return { strides, dilations, pads: [...before, ...after] };
}

function spread(node: OpNode, rank: number) {
  const ones = new Array<number>(rank).fill(1);
  return {
    strides: numbersOf(node, "strides") ?? ones,
    dilations: numbersOf(node, "dilations") ?? ones,
    pads: numbersOf(node, "pads") ?? new Array<number>(2 * rank).fill(0),
  };
}

function paddings(axes: readonly { readonly before: number; readonly after: number }[]) {
  return { before: axes.map(({ before }) => before), after: axes.map(({ after }) => after) };
}

const isSame = (auto: string) => auto === "SAME_UPPER" || auto === "SAME_LOWER";

/** Splits padding in two; the odd one goes behind (SAME_UPPER) or in front. */
function split(total: number, auto: string): readonly [number, number] {
  const less = Math.floor(total / 2);
  return auto === "SAME_LOWER" ? [total - less, less] : [less, total - less];
}
