/** The stages of the vision family: base, heads, dense experts, and how hard their examples are. */
import { join } from "node:path";
import type { Network } from "../../src/core/train/network.ts";
import { trainSpec } from "../../src/core/train/spec.ts";
import { randomAffine } from "../data/affine.ts";
import { asData, choose, type VisionData } from "../data/vision.ts";
import { EL2N, EXPERT_SEED, SEED, VISION_BASE, VISION_EXPERT, VISION_STEPS } from "../families.ts";
import { visionPretraining, visionWeights } from "../graphs/vision.ts";
import { nodeRunner } from "../node-runner.ts";
import { hashOf, type Stage, stage } from "../stage.ts";
import { initialWeights, readWeights, stored, type WeightMap, writeWeights } from "../weights.ts";
import { type Scores, scoreRows, writeScores } from "./difficulty.ts";
import { readPrototypes, writeHeads } from "./heads.ts";
import { train } from "./run.ts";
import { readHeads, VisionForward, type VisionHeads, visionNetwork } from "./vision-network.ts";

/** Rows per run of the graph: more make a step no faster. */
export const GRADIENTS = { microBatch: 64, heapBudget: 4e9 } as const;
const SCORED = ["fewShot", "validation", "test"] as const;

/** What the stages of the vision family read. */
export interface VisionInputs {
  readonly data: VisionData;
  /** Hash of the drawn pictures. */
  readonly hash: string;
}

/** Trains the base on glyphs of other scripts. Its file is rounded, so that experts start from what is stored. */
export function trainBase({ data, hash }: VisionInputs): Promise<Stage> {
  return stage("vision-base", { data: hash, seed: SEED, ...VISION_BASE }, async (folder) => {
    const pictures = await data.pictures("base");
    const classes = pictures.labels.reduce((most, label) => Math.max(most, label + 1), 0);
    const rows = Array.from({ length: pictures.count }, (_, row) => row);
    const { model, weights } = visionPretraining(classes);
    const network: Network = {
      model,
      weights,
      input: { name: "x", shape: [1, 28, 28] },
      logits: "logits",
      classes,
      constants: {},
    };
    const kept = choose(
      pictures,
      rows.filter((row) => data.held[row] === 0),
    );
    await train(folder, {
      network,
      spec: trainSpec.parse({ ...VISION_BASE, seed: SEED, checkpoints: "last" }),
      start: initialWeights(weights, SEED),
      data: asData(kept, randomAffine(SEED)),
      hash,
      gradients: GRADIENTS,
      async onCheckpoint({ weights: trained }) {
        const metadata = { format: "pt", task: "base", step: "0" };
        await writeWeights(
          join(folder, "base.safetensors"),
          stored(trained, visionWeights),
          visionWeights,
          metadata,
        );
        await writeWeights(join(folder, "pretraining.safetensors"), trained, weights);
      },
    });
  });
}

/** Recomputes the heads for this base, from the pictures that were drawn once. */
export function makeHeads(
  { data, hash }: VisionInputs,
  base: Stage,
  tasks: readonly string[],
  prototypes: string,
): Promise<Stage> {
  return stage("vision-heads", { data: hash, base: base.hash, tasks }, async (folder) => {
    const forward = await VisionForward.open(nodeRunner());
    const chosen = await readPrototypes(prototypes, tasks);
    await writeHeads(join(folder, "heads.safetensors"), forward, await baseOf(base), data, chosen);
    await forward.release();
  });
}

/** Trains one task's dense expert. */
export function trainExpert(
  { data, hash }: VisionInputs,
  base: Stage,
  heads: Stage,
  task: string,
): Promise<Stage> {
  const spec = { data: hash, base: base.hash, heads: heads.hash, task, seed: EXPERT_SEED, ...VISION_EXPERT };
  return stage(`vision-expert-${task}`, spec, async (folder) => {
    const start = await baseOf(base);
    await train(folder, {
      network: visionNetwork(await headsOf(heads), task),
      spec: trainSpec.parse({
        ...VISION_EXPERT,
        seed: EXPERT_SEED,
        checkpoints: "last",
        checkpointSteps: [...VISION_STEPS],
      }),
      start,
      data: asData(await data.pictures(`${task}.train`)),
      hash: hashOf(JSON.stringify(spec)),
      gradients: GRADIENTS,
      async onCheckpoint({ step, weights }) {
        const path = join(folder, `step-${step}.safetensors`);
        const metadata = { format: "pt", task, step: String(step) };
        await writeWeights(path, stored(weights, visionWeights), visionWeights, metadata);
      },
    });
  });
}

/** Scores a task's examples: EL2N of short runs from the base, and the step from which its expert knows them. */
export function scoreTask(
  { data, hash }: VisionInputs,
  base: Stage,
  heads: Stage,
  expert: Stage,
  task: string,
): Promise<Stage> {
  const spec = { data: hash, expert: expert.hash, seed: EXPERT_SEED, ...EL2N };
  return stage(`vision-scores-${task}`, spec, async (folder) => {
    const head = await headsOf(heads);
    const forward = await VisionForward.open(nodeRunner());
    const runs: WeightMap[] = [];
    for (let run = 0; run < EL2N.runs; run++) {
      await train(folder, {
        network: visionNetwork(head, task),
        spec: trainSpec.parse({
          ...VISION_EXPERT,
          steps: EL2N.steps,
          seed: EXPERT_SEED + 1 + run,
          checkpoints: "last",
        }),
        start: await baseOf(base),
        data: asData(await data.pictures(`${task}.train`)),
        hash: hashOf(JSON.stringify(spec)),
        gradients: GRADIENTS,
        onCheckpoint: async ({ weights }) => void runs.push(stored(weights, visionWeights)),
      });
    }
    const checkpoints = await Promise.all(
      VISION_STEPS.map((step) => readWeights(join(expert.folder, `step-${step}.safetensors`))),
    );
    const scores = new Map<string, Scores>();
    for (const split of SCORED) {
      const pictures = await data.pictures(`${task}.${split}`);
      const logitsOf = (model: WeightMap) => forward.logits(model, pictures, head, task);
      scores.set(split, await scoreRows(runs, checkpoints, VISION_STEPS, pictures.labels, logitsOf));
    }
    await writeScores(join(folder, "scores.safetensors"), scores);
    await forward.release();
  });
}

/** The base as it is stored. */
export function baseOf(base: Stage): Promise<WeightMap> {
  return readWeights(join(base.folder, "base.safetensors"));
}

export function headsOf(heads: Stage): Promise<VisionHeads> {
  return readHeads(join(heads.folder, "heads.safetensors"));
}
