/** Arrays of pixels as pictures: of any size and range, scaled when they are read. */
import { edgeOf, grey, letterbox, type Rect } from "./letterbox.ts";
import type { RawExamples, RawInputs } from "./raw-examples.ts";

type Shape = readonly [channels: number, height: number, width: number];
type Pixels = Extract<RawInputs, { readonly kind: "array" }>;

/**
 * Returns the examples with arrays of pixels turned into pictures: u8, or numbers in 0…1 or 0…255, as height × width,
 * with 1 or 3 channels first or last, or flat in the wanted size. All others are returned as they are.
 *
 * @param wanted of the pictures that they will become
 */
export function withPictures(examples: RawExamples, wanted: Shape): RawExamples {
  const { inputs } = examples;
  if (inputs.kind !== "array") return examples;
  const layout = layoutOf(inputs.shape, wanted);
  const scale = scaleOf(inputs.values);
  if (!layout || scale === undefined) return examples;
  return {
    ...examples,
    inputs: {
      kind: "pictures",
      async load(rows, shape) {
        const size = shape[0] * shape[1] * shape[2];
        const out = new Uint8Array(rows.length * size);
        for (let i = 0; i < rows.length; i++) {
          const planes = planesOf(inputs, rows[i], layout, scale);
          fillPicture(out.subarray(i * size, (i + 1) * size), shape, planes, layout.shape);
        }
        return out;
      },
    },
  };
}

interface Layout {
  readonly shape: Shape;
  readonly isChannelsLast: boolean;
}

function layoutOf(shape: readonly number[], wanted: Shape): Layout | undefined {
  const first = (own: Shape): Layout => ({ shape: own, isChannelsLast: false });
  if (shape.length === 1) return shape[0] === wanted[0] * wanted[1] * wanted[2] ? first(wanted) : undefined;
  if (shape.length === 2) return first([1, shape[0], shape[1]]);
  if (shape.length !== 3) return undefined;
  const [a, b, c] = shape;
  if (a === 1 || a === 3) return first([a, b, c]);
  return c === 1 || c === 3 ? { shape: [c, a, b], isChannelsLast: true } : undefined;
}

/** What brings the values to 0…255; undefined for numbers that are no pixels. */
function scaleOf(values: Pixels["values"]): number | undefined {
  if (values instanceof Uint8Array) return 1;
  let max = 0;
  for (const value of values) {
    if (!(value >= 0 && value <= 255)) return undefined;
    if (value > max) max = value;
  }
  return max <= 1 ? 255 : 1;
}

/** One example, channels first, 0…255. */
function planesOf(
  { values }: Pixels,
  row: number,
  { shape: [channels, height, width], isChannelsLast }: Layout,
  scale: number,
): Float32Array {
  const plane = height * width;
  const begin = row * channels * plane;
  return Float32Array.from({ length: channels * plane }, (_, i) => {
    const at = isChannelsLast ? (i % plane) * channels + Math.floor(i / plane) : i;
    return scale * values[begin + at];
  });
}

/** Fills u8 planes with a picture of another size and number of channels; what is beside it goes on in its edge's mean. */
function fillPicture(
  out: Uint8Array,
  [channels, height, width]: Shape,
  planes: Float32Array,
  from: Shape,
): void {
  const [, fromHeight, fromWidth] = from;
  const rect = letterbox(fromWidth, fromHeight, width, height);
  const own = channels === from[0] ? planes : inChannels(planes, from, channels);
  const size = fromHeight * fromWidth;
  for (let c = 0; c < channels; c++) {
    const scaled = resampled(own.subarray(c * size, (c + 1) * size), fromHeight, fromWidth, rect);
    const edge = edgeOf({ ...rect, x: 0, y: 0 }, rect.width);
    const plane = out.subarray(c * height * width, (c + 1) * height * width);
    plane.fill(Math.round(edge.reduce((sum, at) => sum + scaled[at], 0) / edge.length));
    for (let y = 0; y < rect.height; y++) {
      for (let x = 0; x < rect.width; x++)
        plane[(rect.y + y) * width + rect.x + x] = Math.round(scaled[y * rect.width + x]);
    }
  }
}

/** Grey from three channels, or three equal ones from grey. */
function inChannels(planes: Float32Array, [, height, width]: Shape, channels: number): Float32Array {
  const size = height * width;
  return Float32Array.from({ length: channels * size }, (_, i) =>
    channels === 3 ? planes[i % size] : grey(planes[i], planes[size + i], planes[2 * size + i]),
  );
}

/** One plane scaled to a rectangle's size: every pixel is the mean over what it covers. */
function resampled(
  plane: Float32Array,
  height: number,
  width: number,
  { width: toWidth, height: toHeight }: Rect,
) {
  if (height === toHeight && width === toWidth) return plane;
  const rows = new Float32Array(toHeight * width);
  for (let x = 0; x < width; x++) fillMeans(rows, plane, { at: x, step: width, from: height, to: toHeight });
  const out = new Float32Array(toHeight * toWidth);
  for (let y = 0; y < toHeight; y++) {
    fillMeans(out.subarray(y * toWidth), rows.subarray(y * width), {
      at: 0,
      step: 1,
      from: width,
      to: toWidth,
    });
  }
  return out;
}

/** Fills one line of `to` values with means over a line of `from`; both lie `step` apart, from `at` on. */
function fillMeans(
  out: Float32Array,
  line: Float32Array,
  {
    at,
    step,
    from,
    to,
  }: { readonly at: number; readonly step: number; readonly from: number; readonly to: number },
): void {
  const span = from / to;
  for (let i = 0; i < to; i++) {
    const [begin, end] = [i * span, (i + 1) * span];
    let sum = 0;
    for (let k = Math.floor(begin); k < Math.min(from, Math.ceil(end)); k++)
      sum += line[at + k * step] * (Math.min(end, k + 1) - Math.max(begin, k));
    out[at + i * step] = sum / span;
  }
}
