import type { Phase } from "#app/slices/runs.ts";
import { defineWords } from "../words.ts";

interface StatusWords {
  readonly threads: (n: number) => string;
  readonly isolated: string;
  readonly alone: string;
  readonly phases: Readonly<Record<Phase, string>>;
  readonly quick: (tasks: number, n: string) => string;
  readonly full: (tasks: number, n: string) => string;
  readonly subsets: string;
  readonly latency: string;
  readonly memory: (models: string, evaluation: string, optimise: string) => string;
  readonly requests: (n: number) => string;
  readonly requestsNote: string;
  readonly progress: string;
  readonly cancel: string;
}

export const statusWords = defineWords<StatusWords>({
  en: {
    threads: (n) => (n === 1 ? "1 thread" : `${n} threads`),
    isolated: "The page is cross-origin isolated, so evaluation may use several threads.",
    alone:
      "One thread: this server does not send the headers COOP and COEP, so the browser gives the page no shared memory. Everything works, only more slowly.",
    phases: {
      starting: "starting the workers",
      optimising: "optimising",
      merging: "merging",
      quick: "quick numbers",
      settling: "evaluating in full",
      settled: "settled",
      waiting: "waiting: see the recipe",
      failed: "stopped",
    },
    quick: (tasks, n) => `quick ${tasks} × ${n}`,
    full: (tasks, n) => `full ${tasks} × ${n}`,
    subsets:
      "Validation images per task. The quick subset is evaluated while you edit, all of validation when you rest. Test images are used only in the report.",
    latency: "Edit to first numbers, last time",
    memory: (models, evaluation, optimise) =>
      `Memory of the workers: models ${models}, evaluation ${evaluation}, optimisation ${optimise}`,
    requests: (n) => (n === 1 ? "1 request off this origin" : `${n} requests off this origin`),
    requestsNote:
      "Counted from the browser's own record of what this page loaded, with every request that its policy blocked. The policy allows none: models and images stay on this machine.",
    progress: "Progress",
    cancel: "Stop",
  },
  ja: {
    threads: (n) => `${n} スレッド`,
    isolated: "ページがクロスオリジン分離されているため、評価に複数のスレッドを使えます。",
    alone:
      "1 スレッドで動いています。サーバーが COOP と COEP ヘッダーを送らないため、共有メモリが使えません。速度以外に違いはありません。",
    phases: {
      starting: "ワーカーを起動中",
      optimising: "最適化中",
      merging: "マージ中",
      quick: "速報値",
      settling: "全件を評価中",
      settled: "確定",
      waiting: "待機中（レシピを参照）",
      failed: "停止",
    },
    quick: (tasks, n) => `速報 ${tasks} × ${n}`,
    full: (tasks, n) => `全件 ${tasks} × ${n}`,
    subsets:
      "タスクごとの検証画像数です。編集中は一部で速報値を出し、手を止めると検証データ全件を評価します。テスト画像は報告のときだけ使います。",
    latency: "編集から最初の数値が出るまで（直近）",
    memory: (models, evaluation, optimise) =>
      `ワーカーのメモリ: モデル ${models}、評価 ${evaluation}、最適化 ${optimise}`,
    requests: (n) => `外部への通信 ${n} 件`,
    requestsNote:
      "ブラウザー自身の読み込み記録と、ポリシーが遮断した通信から数えています。ポリシーは外部への通信をすべて禁じており、モデルも画像もこの端末から出ません。",
    progress: "進み具合",
    cancel: "止める",
  },
});
