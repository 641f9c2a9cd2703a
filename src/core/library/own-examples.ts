/** A data set's split in the form in which a zoo stores it, so that both are read by the same code. */
import type { Dataset } from "../data/dataset.ts";
import type { ExampleInputs, InputSpec } from "../eval/input.ts";
import { exampleShape } from "../eval/input.ts";
import { arrayFile, type HeldTensor } from "../formats/array-file.ts";
import type { ModelFile } from "../formats/format.ts";
import { examplesPath, type ZooSplit } from "../zoo.ts";

const SPLITS: readonly ZooSplit[] = ["train", "fewShot", "quick", "validation", "test"];

/** Returns what opens the files of all splits, by their paths in the family. */
export function examplesFiles(
  datasets: readonly Dataset[],
  input: InputSpec,
): ReadonlyMap<string, () => Promise<ModelFile>> {
  return new Map(
    datasets.flatMap((dataset) =>
      SPLITS.map(
        (split) => [examplesPath(dataset.id, split), () => examplesFile(dataset, split, input)] as const,
      ),
    ),
  );
}

/** Returns the split as a file of examples, without difficulty: nobody has measured it. @throws AppError data/malformed */
async function examplesFile(dataset: Dataset, split: ZooSplit, input: InputSpec): Promise<ModelFile> {
  const { inputs, labels, count } = await dataset.examples(split, input);
  return arrayFile(examplesPath(dataset.id, split), [
    held("labels", "u8", [count], new Uint8Array(labels)),
    ...inputTensors(inputs, input, count),
  ]);
}

function inputTensors(inputs: ExampleInputs, input: InputSpec, count: number): readonly HeldTensor[] {
  const { kind } = inputs;
  switch (kind) {
    case "image":
      return [held("images", "u8", [count, inputs.images.length / Math.max(1, count)], inputs.images)];
    case "values":
      return [held("values", "f32", [count, ...exampleShape(input)], new Uint8Array(inputs.values.buffer))];
    case "text": {
      const texts = inputs.texts.map((text) => new TextEncoder().encode(text));
      const offsets = new Uint32Array(count + 1);
      for (const [row, { byteLength }] of texts.entries()) offsets[row + 1] = offsets[row] + byteLength;
      const all = new Uint8Array(offsets[count]);
      for (const [row, text] of texts.entries()) all.set(text, offsets[row]);
      return [
        held("texts", "u8", [all.length], all),
        held("offsets", "u32", [count + 1], new Uint8Array(offsets.buffer)),
      ];
    }
    default:
      return kind satisfies never;
  }
}

function held(
  name: string,
  dtype: "u8" | "u32" | "f32",
  shape: readonly number[],
  bytes: Uint8Array<ArrayBuffer>,
): HeldTensor {
  return { spec: { name, dtype, shape }, bytes: async () => bytes };
}
