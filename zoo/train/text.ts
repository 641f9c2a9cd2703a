/** The stages of the text family: a base on all languages, a LoRA adapter for each, and how hard their texts are. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fillText } from "../../src/core/eval/text.ts";
import { type LoraUpdate, loraConfigText, writeLora } from "../../src/core/formats/lora-write.ts";
import { roundTo } from "../../src/core/tensor/dtype.ts";
import { openGradients } from "../../src/core/train/gradients.ts";
import { lora } from "../../src/core/train/lora.ts";
import type { LabelledData, Network } from "../../src/core/train/network.ts";
import { trainSpec } from "../../src/core/train/spec.ts";
import { type Language, type LanguageTexts, type Texts, textClasses } from "../data/text.ts";
import { EL2N, SEED, TEXT_BASE, TEXT_EXPERT, TEXT_LORA, TEXT_STEPS } from "../families.ts";
import { TEXT_ENCODING, textSkeleton, textWeights } from "../graphs/text.ts";
import { nodeRunner } from "../node-runner.ts";
import { hashOf, type Stage, stage } from "../stage.ts";
import { initialWeights, readWeights, stored, type WeightMap, writeWeights } from "../weights.ts";
import { type Scores, scoreRows, writeScores } from "./difficulty.ts";
import { train } from "./run.ts";

const specs = textWeights(textClasses.length);
const network: Network = {
  model: textSkeleton(textClasses.length),
  weights: specs.map((spec) => ({ ...spec, dtype: "f32" as const })),
  input: { name: "x", shape: [TEXT_ENCODING.size] },
  logits: "logits",
  classes: textClasses.length,
  constants: {},
};
const GRADIENTS = { microBatch: 256 } as const;
const SCORED = ["fewShot", "validation", "test"] as const;

/** What the stages of the text family read. */
export interface TextInputs {
  readonly texts: ReadonlyMap<Language, LanguageTexts>;
  readonly hash: string;
}

/** Returns the texts of all languages and what identifies them. */
export function textInputs(texts: ReadonlyMap<Language, LanguageTexts>): TextInputs {
  return { texts, hash: hashOf(JSON.stringify({ texts: [...texts], encoding: TEXT_ENCODING, specs })) };
}

export function trainTextBase({ texts, hash }: TextInputs): Promise<Stage> {
  return stage("text-base", { data: hash, seed: SEED, ...TEXT_BASE }, async (folder) => {
    const all = [...texts.values()].map(({ train: part }) => part);
    await train(folder, {
      network,
      spec: trainSpec.parse({ ...TEXT_BASE, seed: SEED, checkpoints: "last" }),
      start: initialWeights(specs, SEED),
      data: asData({
        texts: all.flatMap((part) => part.texts),
        labels: all.flatMap((part) => part.labels),
      }),
      hash,
      gradients: GRADIENTS,
      async onCheckpoint({ weights }) {
        const metadata = { format: "pt", task: "base", step: "0" };
        await writeWeights(join(folder, "base.safetensors"), stored(weights, specs), specs, metadata);
      },
    });
  });
}

/** Trains one language's adapter; each checkpoint is a folder as PEFT writes it. */
export function trainTextExpert(
  { texts, hash }: TextInputs,
  base: Stage,
  language: Language,
): Promise<Stage> {
  const about = { data: hash, base: base.hash, language, seed: SEED, ...TEXT_EXPERT, ...TEXT_LORA };
  return stage(`text-expert-${language}`, about, async (folder) => {
    const start = await textBase(base);
    const spec = loraSpec({ seed: SEED, checkpointSteps: [...TEXT_STEPS] });
    await train(folder, {
      network,
      spec,
      start,
      data: asData(found(texts, language).train),
      hash: hashOf(JSON.stringify(about)),
      gradients: GRADIENTS,
      async onCheckpoint({ step, params, parametrisation }) {
        roundTo(params, "f16"); // as the adapter is stored
        const updates = updatesOf(lora({ ...spec, specs: network.weights, base: start }).adapters(params));
        const to = join(folder, `step-${step}`);
        await mkdir(to, { recursive: true });
        const pieces: Uint8Array[] = [];
        for await (const piece of writeLora(updates)) pieces.push(piece);
        await writeFile(join(to, "adapter_model.safetensors"), Buffer.concat(pieces));
        const config = loraConfigText(updates, { isRankStabilised: false, baseName: "kintsugi-zoo/text" });
        await writeFile(join(to, "adapter_config.json"), config);
        await writeWeights(mergedPath(folder, step), parametrisation.weights(params), network.weights);
      },
    });
  });
}

/** Scores a language's texts: EL2N of short runs from the base, and the step from which its expert knows them. */
export function scoreTextTask(
  { texts, hash }: TextInputs,
  base: Stage,
  expert: Stage,
  language: Language,
): Promise<Stage> {
  const about = { data: hash, expert: expert.hash, seed: SEED, ...EL2N };
  return stage(`text-scores-${language}`, about, async (folder) => {
    const start = await textBase(base);
    const own = found(texts, language);
    const runs: WeightMap[] = [];
    for (let run = 0; run < EL2N.runs; run++) {
      await train(folder, {
        network,
        spec: loraSpec({ steps: EL2N.steps, seed: SEED + 1 + run }),
        start,
        data: asData(own.train),
        hash: hashOf(JSON.stringify(about)),
        gradients: GRADIENTS,
        onCheckpoint: async ({ weights }) =>
          void runs.push(stored(new Map([...start, ...weights]), network.weights)),
      });
    }
    const checkpoints = await Promise.all(
      TEXT_STEPS.map((step) => readWeights(mergedPath(expert.folder, step))),
    );
    const gradients = openGradients(nodeRunner(), network, GRADIENTS);
    const scores = new Map<string, Scores>();
    for (const split of SCORED) {
      const data = asData(own[split]);
      const x = data.rows(
        Uint32Array.from({ length: data.count }, (_, row) => row),
        0,
      );
      const logitsOf = (model: WeightMap) => gradients.predict(model, x, data.count);
      scores.set(split, await scoreRows(runs, checkpoints, TEXT_STEPS, data.labels, logitsOf));
    }
    await gradients.close();
    await writeScores(join(folder, "scores.safetensors"), scores);
  });
}

function loraSpec(changes: { readonly seed: number; steps?: number; checkpointSteps?: number[] }) {
  const { rank, alpha, targets } = TEXT_LORA;
  return trainSpec.parse({
    ...TEXT_EXPERT,
    mode: "lora",
    rank,
    alpha,
    targets: [...targets],
    checkpoints: "last",
    ...changes,
  });
}

function updatesOf(adapters: ReturnType<ReturnType<typeof lora>["adapters"]>): readonly LoraUpdate[] {
  const { rank, alpha } = TEXT_LORA;
  return adapters.map(({ name, a, b, in: into, out }) => ({
    module: name.replace(/\.weight$/, ""),
    dtype: "f16",
    A: a,
    shapeA: [rank, into],
    B: b,
    shapeB: [out, rank],
    alpha,
  }));
}

function asData({ texts, labels }: Texts): LabelledData {
  const { size } = TEXT_ENCODING;
  return {
    count: texts.length,
    labels,
    rows(indices) {
      const out = new Float32Array(indices.length * size);
      for (let i = 0; i < indices.length; i++)
        fillText(out.subarray(i * size, (i + 1) * size), texts[indices[i] ?? 0] ?? "", TEXT_ENCODING);
      return out;
    },
  };
}

function textBase(base: Stage): Promise<WeightMap> {
  return readWeights(join(base.folder, "base.safetensors"));
}

function mergedPath(folder: string, step: number): string {
  return join(folder, "merged", `step-${step}.safetensors`);
}

function found(texts: ReadonlyMap<Language, LanguageTexts>, language: Language): LanguageTexts {
  const own = texts.get(language);
  if (!own) throw new Error(`no texts in ${language}`);
  return own;
}
