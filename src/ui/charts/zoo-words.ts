import { defineWords } from "../words.ts";

export const zooWords = defineWords({
  en: {
    title: "What this zoo says",
    note: "measured on test, once",
    intro: (name: string, parameters: string, by: string) =>
      `${name}: ${parameters} parameters, trained by ${by}. Mean test accuracy over the tasks; λ was chosen on validation.`,
    table: {
      caption: "Mean test accuracy by training step",
      step: "step",
      expert: "expert",
      average: "average",
      best: "task arithmetic",
      lambda: "at λ",
    },
    base: (share: string) => `The base alone reaches ${share}.`,
    falls: "Training longer makes better experts and worse merges",
    peaks: "The best merge at its peak and at the last step",
    fall: (peak: string, last: string) => `best merge from its peak at step ${peak} to step ${last}:`,
    seed: (seed: string) => `seed ${seed}`,
    shipped: "shipped",
    points: (fall: string, low: string, high: string) => `${fall} points (95 % interval ${low} to ${high})`,
    sources: "Sources and licences",
    missing: "The zoo’s card could not be read.",
  },
  ja: {
    title: "このモデル集の測定値",
    note: "テストデータで一度だけ測定",
    intro: (name: string, parameters: string, by: string) =>
      `${name}：パラメーター数 ${parameters}、学習は ${by}。値はタスク平均のテスト正解率、λ は検証データで選択。`,
    table: {
      caption: "学習ステップごとの平均テスト正解率",
      step: "ステップ",
      expert: "エキスパート",
      average: "平均",
      best: "タスク演算",
      lambda: "λ",
    },
    base: (share: string) => `ベースだけの正解率は ${share}。`,
    falls: "長く学習するほどエキスパートは良くなり、マージは悪くなる",
    peaks: "最良マージのピークと最後のステップ",
    fall: (peak: string, last: string) => `最良マージ、ピーク（ステップ ${peak}）からステップ ${last} まで：`,
    seed: (seed: string) => `シード ${seed}`,
    shipped: "収録",
    points: (fall: string, low: string, high: string) => `${fall} ポイント（95 % 区間 ${low} ～ ${high}）`,
    sources: "出典とライセンス",
    missing: "モデル集の説明ファイルを読めませんでした。",
  },
});
