import type { Dialect } from "#core/semantics.ts";
import { defineWords } from "../words.ts";

interface LensWords {
  readonly title: string;
  readonly description: string;
  readonly dialects: Readonly<Record<Dialect, string>>;
  readonly own: string;
  /** A setting that a reading has otherwise. */
  readonly reads: (label: string, value: string) => string;
  readonly none: string;
  readonly measure: string;
  readonly again: string;
  readonly stop: string;
  readonly reading: string;
  readonly accuracy: string;
  readonly difference: string;
  readonly tensors: string;
  readonly same: string;
  readonly moved: (count: string, all: string) => string;
  readonly movedBy: string;
  readonly more: (count: string) => string;
  readonly wonLost: (won: string, lost: string) => string;
  /** n and p of one task, on hover. */
  readonly pair: (n: string, p: string) => string;
  readonly measuring: string;
  readonly progress: (done: string, all: string) => string;
  readonly before: string;
  readonly sample: (n: string) => string;
  readonly sources: string;
}

export const lensWords = defineWords<LensWords>({
  en: {
    title: "What other programs would compute",
    description:
      "Papers and programs share names and not meanings. Densities, weights and λ stay as they are; the rest is read as each of them does.",
    dialects: { paper: "Paper", mergekit: "mergekit", peft: "peft", "fusion-bench": "FusionBench" },
    own: "This recipe",
    reads: (label, value) => `${label}: ${value}`,
    none: "All of them mean the same by this recipe.",
    measure: "Measure the readings",
    again: "Measure again",
    stop: "Stop",
    reading: "Reading",
    accuracy: "Mean accuracy",
    difference: "Against this recipe",
    tensors: "Tensors that move",
    same: "none: the same model",
    moved: (count, all) => `${count} of ${all}`,
    movedBy: "The largest moves, as shares of each tensor's change from the base",
    more: (count) => `and ${count} more`,
    wonLost: (won, lost) => `${won} won, ${lost} lost`,
    pair: (n, p) => `${n}, p ${p} (exact McNemar)`,
    measuring: "Measuring the readings",
    progress: (done, all) => `Measured ${done} of ${all} readings`,
    before: "Each reading is merged and measured on the quick subset of validation: some seconds.",
    sample: (n) =>
      `Quick subset of validation, ${n} over all tasks, 95 % intervals. Differences in points, paired; bold where resolved (tasks: exact McNemar with Holm's correction). Bars: how far each tensor moves, over depth; full height is its whole change from the base or more.`,
    sources: "Where they say so",
  },
  ja: {
    title: "ほかのプログラムの計算",
    description:
      "論文とプログラムは、名前が同じでも意味が違います。密度、重み、λ はそのままに、残りをそれぞれの流儀で読みます。",
    dialects: { paper: "論文", mergekit: "mergekit", peft: "peft", "fusion-bench": "FusionBench" },
    own: "このレシピ",
    reads: (label, value) => `${label}: ${value}`,
    none: "このレシピの意味は、どれでも同じです。",
    measure: "それぞれを測る",
    again: "測り直す",
    stop: "止める",
    reading: "読み方",
    accuracy: "平均正解率",
    difference: "このレシピとの差",
    tensors: "動くテンソル",
    same: "なし（同じモデル）",
    moved: (count, all) => `${all} 個中 ${count} 個`,
    movedBy: "大きく動くもの（各テンソルのベースからの変化に対する割合）",
    more: (count) => `ほか ${count} 個`,
    wonLost: (won, lost) => `勝ち ${won}、負け ${lost}`,
    pair: (n, p) => `${n}、p ${p}（McNemar の正確検定）`,
    measuring: "それぞれの読み方を測っています",
    progress: (done, all) => `${all} 通り中 ${done} 通りを測りました`,
    before: "それぞれの読み方でマージし、検証データの速報用部分集合で測ります。数秒かかります。",
    sample: (n) =>
      `検証データの速報用部分集合、全タスクで ${n}、95 % 区間。差は対応ありのポイントで、太字は有意なもの（タスク別は McNemar の正確検定を Holm 補正）。棒は深さ順に各テンソルが動く大きさで、いっぱいの高さはベースからの変化全体以上です。`,
    sources: "根拠",
  },
});
