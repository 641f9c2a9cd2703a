import { defineWords } from "../words.ts";

export const flipWords = defineWords({
  en: {
    title: "What this edit won and lost",
    against: { pinned: "against the pinned recipe", before: "against the recipe before the edit" },
    won: (n: string) => `Won ${n}`,
    lost: (n: string) => `Lost ${n}`,
    shown: (shown: string, all: string) =>
      shown === all ? `hardest first` : `the ${shown} hardest of ${all}`,
    change: (before: string, after: string) => `${before} → ${after}`,
    item: (task: string, label: string, before: string, after: string) =>
      `${task}, truly ${label}: before ${before}, now ${after}`,
    none: "None.",
    counts: "Examples won and lost per task",
    table: { task: "task", won: "won", lost: "lost", n: "n", p: "p (exact McNemar)" },
    empty: "Change the recipe, or pin one: the examples that it wins and loses appear here.",
    same: (n: string) => `Both recipes are right on the same examples (${n}).`,
    stale: "Of the edit before; the newest one is being compared.",
    note: "p: chance that coin flips fall at least as unevenly. Not corrected for the number of tasks.",
  },
  ja: {
    title: "この編集で得た例と失った例",
    against: { pinned: "固定したレシピとの比較", before: "編集前のレシピとの比較" },
    won: (n: string) => `正解になった ${n} 件`,
    lost: (n: string) => `不正解になった ${n} 件`,
    shown: (shown: string, all: string) =>
      shown === all ? `難しい順` : `${all} 件中、難しい順に ${shown} 件`,
    change: (before: string, after: string) => `${before} → ${after}`,
    item: (task: string, label: string, before: string, after: string) =>
      `${task}、正解は${label}：編集前 ${before}、現在 ${after}`,
    none: "なし。",
    counts: "タスクごとの増減",
    table: { task: "タスク", won: "増", lost: "減", n: "n", p: "p（正確 McNemar）" },
    empty: "レシピを変えるか固定すると、正誤が変わった例がここに並びます。",
    same: (n: string) => `どちらのレシピも同じ例に正解しています（${n}）。`,
    stale: "一つ前の編集の結果です。最新の編集を比較しています。",
    note: "p：硬貨投げで同じかそれ以上に偏る確率。タスク数による補正はしていません。",
  },
});
