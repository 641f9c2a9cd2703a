import { defineWords } from "../words.ts";

export const trajectoryWords = defineWords({
  en: {
    title: "Stop step",
    unit: "accuracy by training step, 95 % intervals",
    own: "expert alone",
    merged: "merged",
    base: (share: string) => `base ${share}`,
    axis: "training steps of all experts (log)",
    step: (step: string) => `step ${step}`,
    earlier: "The merged line belongs to an earlier recipe; it is measured again when nothing moves.",
    quick: "The merged line is the recipe with all experts at that step, on the quick subset.",
    waiting: "The merged line is measured when nothing moves.",
    summary: (ownBest: string, mergedBest: string) =>
      `Alone the experts are best at step ${ownBest}; merged they are best at step ${mergedBest}.`,
    sample: (own: string, merged: string) => `validation, expert alone ${own}, merged ${merged}`,
    table: { step: "step", low: (what: string) => `${what}, low`, high: (what: string) => `${what}, high` },
    label: (task: string) => `Accuracy by training step, ${task}`,
  },
  ja: {
    title: "停止ステップ",
    unit: "学習ステップごとの正解率、95 % 区間",
    own: "単独",
    merged: "マージ後",
    base: (share: string) => `ベース ${share}`,
    axis: "全エキスパートの学習ステップ（対数）",
    step: (step: string) => `ステップ ${step}`,
    earlier: "マージ後の線は以前のレシピのものです。操作が止まると測り直します。",
    quick: "マージ後の線は、全エキスパートをそのステップにした今のレシピ（速報用の一部）です。",
    waiting: "マージ後の線は、操作が止まると測定します。",
    summary: (ownBest: string, mergedBest: string) =>
      `単独ではステップ ${ownBest} が最良、マージ後はステップ ${mergedBest} が最良です。`,
    sample: (own: string, merged: string) => `検証データ、単独 ${own}、マージ後 ${merged}`,
    table: {
      step: "ステップ",
      low: (what: string) => `${what} 下限`,
      high: (what: string) => `${what} 上限`,
    },
    label: (task: string) => `学習ステップごとの正解率、${task}`,
  },
});
