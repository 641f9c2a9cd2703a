/** What one example is, and how examples become a graph's input x (N × shape). */
import { z } from "zod";
import { fillText, textEncoding } from "./text.ts";

const name = z.string().min(1);
const size = z.int().positive().max(65_536);

const image = z.object({
  kind: z.literal("image"),
  name,
  /** Channels (1 grey, 3 red green blue) × height × width of one example. */
  shape: z.tuple([z.union([z.literal(1), z.literal(3)]), size.max(4096), size.max(4096)]),
  /** x = (u8 / 255 − mean) / std. */
  mean: z.number(),
  std: z.number().positive(),
  /** How the graph wants x: channels first (unless told), channels last, or one run of numbers (channels first). */
  layout: z.enum(["chw", "hwc", "flat"]).optional(),
});

const text = z.object({
  kind: z.literal("text"),
  name,
  encode: textEncoding,
});

const values = z.object({
  kind: z.literal("values"),
  name,
  /** Of one example. */
  shape: z.array(size.max(16_777_216)).min(1).max(7),
  /** x = (value − mean) / std; 0 and 1 unless told. */
  mean: z.number().optional(),
  std: z.number().positive().optional(),
});

/** A family's input. Without `kind` it is an image, as in the first families. */
export const inputSpec = z.preprocess(
  (value) =>
    typeof value === "object" && value !== null && !("kind" in value) ? { ...value, kind: "image" } : value,
  z.discriminatedUnion("kind", [image, text, values]),
);

export type InputSpec = z.infer<typeof inputSpec>;
export type ImageSpec = z.infer<typeof image>;

/** The examples of one task and split, by kind of input; row-major, one after another. */
export type ExampleInputs =
  /** u8, (count × channels × height × width). */
  | { readonly kind: "image"; readonly images: Uint8Array<ArrayBuffer> }
  | { readonly kind: "text"; readonly texts: readonly string[] }
  /** (count × shape). */
  | { readonly kind: "values"; readonly values: Float32Array<ArrayBuffer> };

/** Returns the shape of one example as the graph sees it. */
export function exampleShape(spec: InputSpec): readonly number[] {
  if (spec.kind === "text") return [spec.encode.size];
  if (spec.kind === "values") return spec.shape;
  const [channels, height, width] = spec.shape;
  if (spec.layout === "flat") return [channels * height * width];
  return spec.layout === "hwc" ? [height, width, channels] : spec.shape;
}

/** Returns the number of values of one example as the graph sees it. */
export function exampleSize(spec: InputSpec): number {
  return exampleShape(spec).reduce((product, dimension) => product * dimension, 1);
}

/** Fills `out` (`exampleSize` values) with one example as the graph sees it. */
export function fillExample(out: Float32Array, inputs: ExampleInputs, spec: InputSpec, row: number): void {
  const offset = row * out.length;
  if (inputs.kind === "image" && spec.kind === "image") {
    fillImage(out, inputs.images, offset, spec);
  } else if (inputs.kind === "text" && spec.kind === "text") {
    fillText(out, inputs.texts[row] ?? "", spec.encode);
  } else if (inputs.kind === "values" && spec.kind === "values") {
    const { mean = 0, std = 1 } = spec;
    for (let i = 0; i < out.length; i++) out[i] = (inputs.values[offset + i] - mean) / std;
  } else {
    throw new Error(`${inputs.kind} examples for ${spec.kind} input`);
  }
}

function fillImage(
  out: Float32Array,
  images: Uint8Array,
  offset: number,
  { mean, std, layout, shape: [channels] }: ImageSpec,
): void {
  if (layout !== "hwc" || channels === 1) {
    for (let i = 0; i < out.length; i++) out[i] = (images[offset + i] / 255 - mean) / std;
    return;
  }
  const plane = out.length / channels;
  for (let p = 0; p < plane; p++) {
    for (let c = 0; c < channels; c++)
      out[p * channels + c] = (images[offset + c * plane + p] / 255 - mean) / std;
  }
}
