import { defineWords } from "../words.ts";

/** Running text and the numbers in it: numbers are set apart, and get a tilde while they are out of date. */
export type Phrase = readonly { readonly kind: "text" | "number"; readonly text: string }[];

/** Makes a phrase from a template: what is filled in is a number. */
function phrase(texts: TemplateStringsArray, ...numbers: readonly string[]): Phrase {
  return texts.flatMap((text, i) => {
    const number = numbers[i];
    return [
      ...(text === "" ? [] : [{ kind: "text", text } as const]),
      ...(number === undefined ? [] : [{ kind: "number", text: number } as const]),
    ];
  });
}

/** Words that are no numbers. */
const say = (text: string): Phrase => [{ kind: "text", text }];

export function plain(phrase: Phrase): string {
  return phrase.map(({ text }) => text).join("");
}

export const verdictWords = defineWords({
  en: {
    heading: "Verdict",
    waiting: "The first numbers are on their way.",
    earlier: "These are the numbers of the recipe before: this one's wait for its optimisation.",
    noTasks: "Merged; there are no examples to measure it on.",
    keeps: (share: string) => phrase`Keeps ${share} of the experts’ accuracy`,
    withReference: (some: string, all: string) => phrase` on the ${some} of ${all} tasks that have one`,
    worst: (task: string, share: string) => [...say(` (worst: ${task} `), ...phrase`${share})`],
    hard: {
      el2n: (share: string) => phrase`, ${share} of the hard examples`,
      late: (share: string) => phrase`, ${share} of the examples learned late`,
    },
    end: say("."),
    accuracy: (share: string, tasks: number) => [
      ...phrase`Gets ${share} right`,
      ...say(tasks === 1 ? "." : `, the mean of ${tasks} tasks.`),
    ],
    average: (points: string) => phrase`${points} points against the simple average`,
    points: (points: string) => phrase`${points} points over the pinned recipe`,
    unpaired: (points: string) => [
      ...phrase`${points} points over the pinned recipe`,
      ...say(", not yet compared in pairs."),
    ],
    resolved: (low: string, high: string) => [
      ...say(", 95 % interval "),
      ...phrase`${low} to ${high}`,
      ...say("."),
    ],
    unresolved: (n: string) => [...say(": not resolved at n = "), ...phrase`${n}`, ...say(" per task.")],
    better: (tasks: string) => say(` Better on ${tasks}.`),
    worse: (tasks: string) => say(` Worse on ${tasks}.`),
    incomparable: say(
      "The pinned recipe gives another kind of model (one for all tasks, one per task, or one that routes inputs): no fair comparison.",
    ),
    split: { validation: "validation", test: "test" },
    subset: { quick: "quick subset", full: "settled" },
    sample: (tasks: number, n: string) => (tasks === 1 ? `n = ${n}` : `${tasks} tasks × n = ${n}`),
    perTask: "one model per task: not comparable with a single merged model",
    routed: "inputs choose among experts: not comparable with a single merged model",
    separator: " · ",
    test: {
      title: "Report on the test split",
      chart: "Retention on test",
      help: "Choices are made on validation. Look at the test split once, when the recipe is final.",
      action: "Measure on test",
      again: "Measure this recipe on test",
      other: "The test numbers below belong to another recipe.",
      accuracy: (share: string, interval: string) => `Mean accuracy ${share}, 95 % interval ${interval}.`,
    },
  },
  ja: {
    heading: "総評",
    waiting: "最初の数値を計算しています。",
    earlier: "一つ前のレシピの数値です。このレシピの数値は最適化が済むと出ます。",
    noTasks: "マージしました。測定に使うデータがありません。",
    keeps: (share: string) => phrase`エキスパートの正解率の ${share} を保持`,
    withReference: (some: string, all: string) =>
      phrase`（エキスパートのあるタスクは ${all} 個中 ${some} 個）`,
    worst: (task: string, share: string) => [...say(`（最低は${task}の `), ...phrase`${share}）`],
    hard: {
      el2n: (share: string) => phrase`、難しい例では ${share}`,
      late: (share: string) => phrase`、遅く学習された例では ${share}`,
    },
    end: say("。"),
    accuracy: (share: string, tasks: number) => [
      ...say(tasks === 1 ? "正解率は " : `${tasks} タスク平均の正解率は `),
      ...phrase`${share}。`,
    ],
    average: (points: string) => phrase`単純平均に対して ${points} ポイント`,
    points: (points: string) => phrase`固定したレシピとの差は ${points} ポイント`,
    unpaired: (points: string) => [
      ...phrase`固定したレシピとの差は ${points} ポイント`,
      ...say("（対応のある比較はこれから）。"),
    ],
    resolved: (low: string, high: string) => [
      ...say("、95 % 区間 "),
      ...phrase`${low} ～ ${high}`,
      ...say("。"),
    ],
    unresolved: (n: string) => [
      ...say("：1 タスクあたり n = "),
      ...phrase`${n}`,
      ...say(" では有意差なし。"),
    ],
    better: (tasks: string) => say(`${tasks}で向上。`),
    worse: (tasks: string) => say(`${tasks}で低下。`),
    incomparable: say(
      "固定したレシピとはモデルの種類（全タスク共通か、タスクごとか）が異なるため、公平に比較できません。",
    ),
    split: { validation: "検証データ", test: "テストデータ" },
    subset: { quick: "速報用の一部", full: "確定" },
    sample: (tasks: number, n: string) => (tasks === 1 ? `n = ${n}` : `${tasks} タスク × n = ${n}`),
    perTask: "タスクごとに別のモデル：単一のマージモデルとは比較できません",
    routed: "入力ごとにエキスパートを選択：単一のマージモデルとは比較できません",
    separator: " · ",
    test: {
      title: "テストデータでの報告",
      chart: "テストデータでの保持率",
      help: "選択は検証データで行います。テストデータは、レシピが決まってから一度だけ見てください。",
      action: "テストデータで測定",
      again: "このレシピをテストデータで測定",
      other: "下のテスト結果は別のレシピのものです。",
      accuracy: (share: string, interval: string) => `平均正解率 ${share}、95 % 区間 ${interval}。`,
    },
  },
});

export type VerdictWords = (typeof verdictWords)["en"];
