import { defineWords } from "../words.ts";

export const dumbbellWords = defineWords({
  en: {
    title: "Retention",
    unit: "accuracy per task, 95 % intervals",
    mean: "mean",
    kept: "kept",
    keptHelp:
      "Retention: of the examples that the expert gets right, the share that the merged model gets right too.",
    normalised: "÷ expert",
    normalisedHelp: "Normalised accuracy: the merged model’s accuracy divided by the expert’s.",
    base: "base",
    average: "simple average",
    merged: "merged",
    expert: "expert",
    chance: "chance",
    pinned: "pinned recipe",
    retention: "retention",
    normalisedLong: "merged ÷ expert",
    none: "not measured yet",
    of: (n: string, right: string) => `${n}, of which the expert gets ${right} right`,
    row: (name: string, merged: string, interval: string, kept: string | undefined) =>
      `${name}: merged ${merged}, 95 % interval ${interval}${kept ? `, keeps ${kept} of what the expert gets right` : ""}`,
    summary: (best: string, bestKept: string, worst: string, worstKept: string) =>
      `Keeps most of ${best} (${bestKept} of what its expert gets right) and least of ${worst} (${worstKept}).`,
    waiting: "Base, experts and simple average are being measured on the same examples.",
    table: {
      task: "task",
      n: "n",
      low: (what: string) => `${what}, low`,
      high: (what: string) => `${what}, high`,
      retention: "retention",
      normalised: "normalised accuracy",
    },
  },
  ja: {
    title: "保持率",
    unit: "タスクごとの正解率、95 % 区間",
    mean: "平均",
    kept: "保持",
    keptHelp: "保持率：エキスパートが正解した例のうち、マージ後のモデルも正解した割合。",
    normalised: "正規化",
    normalisedHelp: "正規化正解率：マージ後の正解率をエキスパートの正解率で割った値。",
    base: "ベース",
    average: "単純平均",
    merged: "マージ後",
    expert: "エキスパート",
    chance: "当て推量",
    pinned: "固定したレシピ",
    retention: "保持率",
    normalisedLong: "正規化正解率",
    none: "未測定",
    of: (n: string, right: string) => `${n}、うちエキスパートの正解 ${right}`,
    row: (name: string, merged: string, interval: string, kept: string | undefined) =>
      `${name}：マージ後 ${merged}、95 % 区間 ${interval}${kept ? `、エキスパートの正解の ${kept} を保持` : ""}`,
    summary: (best: string, bestKept: string, worst: string, worstKept: string) =>
      `保持率が最も高いのは${best}（${bestKept}）、最も低いのは${worst}（${worstKept}）。`,
    waiting: "ベース、エキスパート、単純平均を同じ例で測定しています。",
    table: {
      task: "タスク",
      n: "n",
      low: (what: string) => `${what} 下限`,
      high: (what: string) => `${what} 上限`,
      retention: "保持率",
      normalised: "正規化正解率",
    },
  },
});
