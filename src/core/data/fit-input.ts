/** How examples of any kind become what a graph wants: which input, and the copy of one example. */
import type { ImageSpec, InputSpec } from "../eval/input.ts";
import { dataError } from "./data-error.ts";
import type { RawInputs } from "./raw-examples.ts";

/** What a graph says of its input. */
export interface WantedShape {
  readonly name: string;
  /** Of one example; undefined where any size goes. */
  readonly shape: readonly (number | undefined)[];
  /** Pixels are given as (u8 / 255 − mean) / std. */
  readonly mean: number;
  readonly std: number;
}

type Picture = readonly [channels: number, height: number, width: number];

/** Pictures for a graph that takes any size. */
const ANY_SIDE = 224;
/** Lengths of the runs of characters for a graph that takes hashed texts, as in the text zoo. */
const NGRAMS = [1, 2, 3];

/** @throws AppError data/malformed that tells both shapes */
export function fitInput(inputs: RawInputs, wanted: WantedShape, file: string): InputSpec {
  const { name, shape, mean, std } = wanted;
  if (inputs.kind === "text") {
    const [size] = shape;
    if (shape.length !== 1 || size === undefined) throw misfit(file, "texts", wanted);
    return { kind: "text", name, encode: { kind: "hashed-ngrams", size, n: NGRAMS, scale: 1 } };
  }
  if (inputs.kind === "pictures") {
    const image = pictureSpec(undefined, wanted);
    if (!image) throw misfit(file, "pictures", wanted);
    return image;
  }
  if (inputs.values instanceof Uint8Array) {
    const picture = pictureOf(inputs.shape);
    const image = picture && pictureSpec(picture, wanted);
    if (image) return image;
  }
  const filled = filledShape(inputs.shape, shape);
  if (!filled) throw misfit(file, inputs.shape.join(" × "), wanted);
  return {
    kind: "values",
    name,
    shape: [...filled],
    ...(inputs.values instanceof Uint8Array && { mean, std }),
  };
}

/** Fills one example: planes of u8 for images, numbers for values (pixels in 0…1). */
export function fillArray(
  out: Float32Array | Uint8Array,
  inputs: RawInputs,
  row: number,
  spec: InputSpec,
): void {
  if (inputs.kind !== "array") throw new Error(`${inputs.kind} where an array is expected`);
  const { values, shape } = inputs;
  const begin = row * out.length;
  if (spec.kind === "image" && isChannelsLast(shape)) {
    const channels = shape[2];
    const plane = out.length / channels;
    for (let i = 0; i < out.length; i++)
      out[i] = values[begin + (i % plane) * channels + Math.floor(i / plane)];
  } else if (spec.kind === "values" && values instanceof Uint8Array) {
    for (let i = 0; i < out.length; i++) out[i] = values[begin + i] / 255;
  } else out.set(values.subarray(begin, begin + out.length));
}

/** Pixels as a picture: height × width, or with 1 or 3 channels first or last. */
function pictureOf(shape: readonly number[]): Picture | undefined {
  if (shape.length === 2) return [1, shape[0], shape[1]];
  if (shape.length !== 3) return undefined;
  if (isChannelsLast(shape)) return [shape[2], shape[0], shape[1]];
  return shape[0] === 1 || shape[0] === 3 ? [shape[0], shape[1], shape[2]] : undefined;
}

function isChannelsLast(shape: readonly number[]): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3) && shape[0] !== 1 && shape[0] !== 3;
}

/** The image input that the graph wants, for pictures of this size (any size: they are scaled), or none. */
function pictureSpec(picture: Picture | undefined, wanted: WantedShape): ImageSpec | undefined {
  for (const layout of ["chw", "hwc", "flat"] as const) {
    const target = targetOf(layout, wanted.shape, picture);
    if (!target) continue;
    const fits = !picture || picture.every((size, i) => size === target[i]);
    const [channels, height, width] = target;
    if (fits && (channels === 1 || channels === 3)) {
      const { name, mean, std } = wanted;
      return { kind: "image", name, shape: [channels, height, width], mean, std, layout };
    }
  }
  return undefined;
}

function targetOf(
  layout: ImageSpec["layout"],
  shape: readonly (number | undefined)[],
  picture: Picture | undefined,
): Picture | undefined {
  if (layout === "flat") {
    const [size] = shape;
    if (shape.length !== 1 || size === undefined) return undefined;
    if (picture) return picture[0] * picture[1] * picture[2] === size ? picture : undefined;
    const channels = [1, 3].find((count) => Number.isInteger(Math.sqrt(size / count)));
    return channels === undefined
      ? undefined
      : [channels, Math.sqrt(size / channels), Math.sqrt(size / channels)];
  }
  if (shape.length !== 3) return undefined;
  const [channels, height, width] = layout === "chw" ? shape : [shape[2], shape[0], shape[1]];
  return [
    channels ?? picture?.[0] ?? 3,
    height ?? picture?.[1] ?? ANY_SIDE,
    width ?? picture?.[2] ?? ANY_SIDE,
  ];
}

/** The wanted shape with its open places filled by the data's, where both hold as many values. */
function filledShape(
  own: readonly number[],
  wanted: readonly (number | undefined)[],
): readonly number[] | undefined {
  const count = own.reduce((product, size) => product * size, 1);
  const padded = [...new Array<number>(Math.max(0, wanted.length - own.length)).fill(1), ...own];
  const filled = wanted.map((size, i) => size ?? padded[i]);
  return filled.reduce((product, size) => product * size, 1) === count ? filled : undefined;
}

function misfit(file: string, has: string, { shape, name }: WantedShape) {
  const wants = shape.map((size) => size ?? "any").join(" × ");
  return dataError(file, `holds examples of ${has}, and the model's input “${name}” takes ${wants}.`, {
    wants,
  });
}
