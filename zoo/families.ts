/** What is trained: tasks, steps, hyperparameters and seeds. Everything that a stage's results depend on is here. */
import * as classes from "./draw/classes.mjs";

/** One seed for all draws of this build but the dense experts', which have theirs. */
export const SEED = 1;
export const EXPERT_SEED = 2;

export const visionTasks = [
  { id: "digits", label: "Digits", classes: [..."0123456789"] },
  {
    id: "clothes",
    label: "Clothes",
    classes: "T-shirt,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(","),
  },
  { id: "capitals", label: "Capitals", classes: classes.capitals },
  { id: "hiragana", label: "Hiragana", classes: classes.hiragana },
] as const;

/** Steps at which vision experts are kept. */
export const VISION_STEPS = [20, 40, 80, 160, 320, 640, 1280, 2560] as const;

export const VISION_BASE = {
  steps: 2500,
  batch: 512,
  learningRate: 2e-3,
  warmUp: 50,
  weightDecay: 0.05,
  schedule: "cosine",
} as const;

export const VISION_EXPERT = {
  steps: 2560,
  batch: 128,
  learningRate: 1e-3,
  warmUp: 10,
  weightDecay: 0.01,
  schedule: "constant",
} as const;

/** Separate short runs from the base that EL2N is the mean of. */
export const EL2N = { runs: 5, steps: 32 } as const;

/** TaLoS experts train as dense ones do, on the least sensitive tenth. */
export const TALOS = { density: 0.1, examples: 512, rounds: 4 } as const;

/** Steps at which text experts are kept. */
export const TEXT_STEPS = [10, 20, 40, 80, 160, 320] as const;

/** All languages mixed, stopped early: a base that knows a little of each. */
export const TEXT_BASE = {
  steps: 40,
  batch: 256,
  learningRate: 2e-3,
  warmUp: 10,
  weightDecay: 0.01,
  schedule: "constant",
} as const;

export const TEXT_EXPERT = {
  steps: 320,
  batch: 64,
  learningRate: 2e-3,
  warmUp: 10,
  weightDecay: 0,
  schedule: "constant",
} as const;

/** Of text experts: rank 8 on the two wide layers. */
export const TEXT_LORA = { rank: 8, alpha: 16, targets: ["fc1.weight", "fc2.weight"] } as const;
