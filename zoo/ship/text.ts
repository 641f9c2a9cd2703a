/** The text family: one base for all languages, a LoRA adapter for each as PEFT writes them. */
import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesSource } from "../../src/core/formats/format.ts";
import { encodeOnnx } from "../../src/core/formats/onnx.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import { sizeOf } from "../../src/core/tensor/tensor.ts";
import { LANGUAGES, type Language, type LanguageTexts, type Texts, textClasses } from "../data/text.ts";
import { SEED, TEXT_STEPS } from "../families.ts";
import { TEXT_ENCODING, textSkeleton, textWeights } from "../graphs/text.ts";
import type { Stage } from "../stage.ts";
import { bytesOf, type SplitRows, type StoredSplit, type Tensor, writeExamples } from "./examples.ts";
import { writeCard, writeFamily } from "./family.ts";
import { textLicences, textSources } from "./licences.ts";
import { found } from "./vision.ts";

/** Stages whose results are shipped; experts and scores by language. */
export interface TextStages {
  readonly base: Stage;
  readonly experts: ReadonlyMap<string, Stage>;
  readonly scores: ReadonlyMap<string, Stage>;
}

/** Writes the family into `<zoo>/text`. */
export async function shipText(
  zoo: string,
  stages: TextStages,
  texts: ReadonlyMap<Language, LanguageTexts>,
): Promise<void> {
  const folder = join(zoo, "text");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "skeleton.onnx"), encodeOnnx(textSkeleton(textClasses.length)));
  await copyFile(join(stages.base.folder, "base.safetensors"), join(folder, "base.safetensors"));
  const tasks = [];
  for (const [id, language] of texts) {
    for (const step of TEXT_STEPS) {
      const to = join(folder, adapterFolder(id, step));
      await cp(join(found(stages.experts, id).folder, `step-${step}`), to, { recursive: true });
    }
    const splits = await splitsOf(language, found(stages.scores, id));
    const n = await writeExamples(folder, id, splits);
    tasks.push({ id, label: LANGUAGES[id], classes: textClasses, n });
  }
  await writeFamily(folder, {
    version: 1,
    id: "text",
    name: "Text zoo",
    skeleton: "skeleton.onnx",
    base: "base.safetensors",
    input: { kind: "text", name: "x", encode: TEXT_ENCODING },
    logits: "logits",
    tasks,
    experts: [...texts.keys()].map((id) => ({
      id,
      label: LANGUAGES[id],
      task: id,
      checkpoints: TEXT_STEPS.map((step) => ({
        step,
        file: `${adapterFolder(id, step)}/adapter_model.safetensors`,
        format: "lora" as const,
      })),
    })),
  });
  const head = {
    name: "Text zoo",
    parameters: textWeights(textClasses.length).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    sources: textSources,
    seed: SEED,
    training:
      "the group of an emoji from its CLDR annotation; AdamW, base on all languages and stopped early, LoRA experts of rank 8",
  };
  await writeCard(folder, head, tasks);
  await writeFile(join(folder, "LICENSES.md"), await textLicences());
}

function adapterFolder(language: string, step: number): string {
  return `experts/${language}/step-${step}`;
}

async function splitsOf(texts: LanguageTexts, scores: Stage): Promise<Record<StoredSplit, SplitRows>> {
  const path = join(scores.folder, "scores.safetensors");
  const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(path))), path);
  const rows = async (split: StoredSplit): Promise<SplitRows> => ({
    count: texts[split].texts.length,
    labels: texts[split].labels,
    inputs: (n) => textTensors(texts[split], n),
    el2n: await file.load(`${split}.el2n`),
    learned: Uint16Array.from(await file.load(`${split}.learned`)),
  });
  return { fewShot: await rows("fewShot"), validation: await rows("validation"), test: await rows("test") };
}

/** The UTF-8 of the first n texts, and where each begins. */
function textTensors({ texts }: Texts, n: number): readonly Tensor[] {
  const parts = texts.slice(0, n).map((text) => new TextEncoder().encode(text));
  const offsets = new Uint32Array(n + 1);
  for (const [row, part] of parts.entries()) offsets[row + 1] = (offsets[row] ?? 0) + part.byteLength;
  const bytes = new Uint8Array(offsets[n] ?? 0);
  for (const [row, part] of parts.entries()) bytes.set(part, offsets[row]);
  return [
    { spec: { name: "offsets", dtype: "u32", shape: [n + 1] }, bytes: bytesOf(offsets) },
    { spec: { name: "texts", dtype: "u8", shape: [bytes.byteLength] }, bytes },
  ];
}
