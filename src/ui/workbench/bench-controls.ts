/** Which options of a form are shown: the essentials first, the rest under "more", and nothing that has no effect. */
import type { ControlSpec } from "#core/params.ts";
import type { Params } from "#core/recipe/schema.ts";
import type { WorkCardId } from "#core/work-cards.ts";

const essentials: Readonly<Record<WorkCardId, readonly string[]>> = {
  train: ["mode", "steps", "learningRate", "batch", "schedule", "rank", "alpha"],
  localise: ["shots", "epochs", "density", "limit"],
  fisher: ["examples", "form"],
  gram: ["examples"],
  calibrate: ["density", "choose", "examples", "rounds"],
  adamerge: ["per", "steps", "learningRate"],
};

type Condition = (params: Params) => boolean;

const isSgd: Condition = ({ optimiser }) => optimiser === "sgd";
const isAdam: Condition = (params) => !isSgd(params);
const isLora: Condition = ({ mode }) => mode === "lora";
const onPlateau: Condition = ({ schedule }) => schedule === "plateau";
const isSampled: Condition = ({ expectation }) => expectation !== "exact";
const perExample: Condition = ({ form }) => form === "per-example";

/** Options that only matter beside others. */
const conditions: Readonly<Partial<Record<WorkCardId, Readonly<Record<string, Condition>>>>> = {
  train: {
    rank: isLora,
    alpha: isLora,
    rankStabilised: isLora,
    momentum: isSgd,
    beta1: isAdam,
    beta2: isAdam,
    epsilon: isAdam,
    checkpointStep: ({ checkpoints }) => checkpoints !== "last",
    plateauFactor: onPlateau,
    plateauPatience: onPlateau,
    plateauThreshold: onPlateau,
    plateauReductions: onPlateau,
    plateauStop: onPlateau,
  },
  localise: { batch: ({ learningRate }) => learningRate === "official" },
  fisher: {
    expectation: perExample,
    samples: (params) => perExample(params) && isSampled(params),
    batch: (params) => !perExample(params),
    seed: (params) => perExample(params) && isSampled(params),
  },
  calibrate: { samples: isSampled },
};

/** The options that have an effect, as the form orders them. */
export function shownControls(
  form: WorkCardId,
  controls: readonly ControlSpec[],
  params: Params,
): readonly ControlSpec[] {
  const first = essentials[form];
  return controls
    .filter(({ key }) => conditions[form]?.[key]?.(params) ?? true)
    .map((spec) => ({ ...spec, advanced: !first.includes(spec.key) }));
}
