import type { Work, WorkState } from "#app/slices/work.ts";
import { defineWords } from "../words.ts";
import type { CurveName } from "./job-curves.ts";

type Kind = Work["kind"];

interface JobWords {
  readonly title: string;
  readonly empty: string;
  readonly kinds: Readonly<Record<Kind, (title: string) => string>>;
  readonly states: Readonly<Record<WorkState, string>>;
  /** What a job counts: "step 120 of 320". */
  readonly progress: Readonly<Record<Kind, (done: string, total: string) => string>>;
  readonly preparing: string;
  readonly left: (time: string) => string;
  readonly took: (time: string) => string;
  readonly pause: (title: string) => string;
  readonly resume: string;
  readonly cancel: (title: string) => string;
  readonly dismiss: (title: string) => string;
  readonly again: string;
  readonly stopForGood: string;

  readonly curves: Readonly<Partial<Record<CurveName, string>>>;
  readonly nats: string;
  readonly axis: Readonly<Record<Kind, string>>;
  readonly chance: string;
  readonly chart: (name: string, value: string, at: string) => string;
  readonly at: (step: string) => string;
  readonly curvesOf: string;
  readonly numbers: string;
  readonly low: (name: string) => string;
  readonly high: (name: string) => string;

  readonly trained: (label: string, checkpoints: number, last: string) => string;
  readonly takeIn: string;
  readonly takesPart: string;
  readonly gone: string;
  readonly coefficients: string;
  readonly coefficient: string;
  readonly spread: string;
  readonly write: string;
  readonly writeNote: string;
  readonly writeOwnNote: (method: string) => string;
  readonly pausedAt: (done: string, total: string) => string;

  readonly saved: string;
  readonly savedNote: string;
  readonly savedAt: (step: string, steps: string, bytes: string, when: string) => string;
  readonly otherBase: (name: string) => string;
  readonly unknownBase: string;
  /** An added task is gone after a reload. */
  readonly goneTask: (task: string) => string;
  readonly openBase: (name: string) => string;
  readonly forgetRun: (label: string) => string;
}

export const jobWords = defineWords<JobWords>({
  en: {
    title: "Jobs",
    empty:
      "Nothing runs. What you start appears here, with its curves while it goes on; merging stays usable.",
    kinds: {
      train: (title) => `Train ${title}`,
      localise: (title) => `Region of ${title}`,
      calibrate: (title) => `Sensitivity for ${title}`,
      fisher: (title) => `Fisher information of ${title}`,
      gram: (title) => `Gram matrices of ${title}`,
      adamerge: (title) => `Tune ${title}`,
    },
    states: {
      queued: "queued",
      running: "running",
      pausing: "pausing",
      paused: "paused",
      done: "done",
      failed: "failed",
      cancelled: "cancelled",
    },
    progress: {
      train: (done, total) => `step ${done} of ${total}`,
      localise: (done, total) => `epoch ${done} of ${total}`,
      calibrate: (done, total) => `${done} of ${total} examples`,
      fisher: (done, total) => `${done} of ${total} examples`,
      gram: (done, total) => `${done} of ${total} examples`,
      adamerge: (done, total) => `step ${done} of ${total}`,
    },
    preparing: "getting ready",
    left: (time) => `about ${time} left`,
    took: (time) => `took ${time}`,
    pause: (title) => `Pause: ${title}`,
    resume: "Resume",
    cancel: (title) => `Cancel: ${title}`,
    dismiss: (title) => `Remove from the list: ${title}`,
    again: "Try again",
    stopForGood: "Discard",

    curves: {
      validation: "Validation accuracy",
      grafted: "Grafted accuracy",
      loss: "Loss",
      density: "Density",
      entropy: "Entropy",
    },
    nats: "nats",
    axis: {
      train: "step",
      localise: "epoch",
      calibrate: "round",
      adamerge: "step",
      fisher: "example",
      gram: "example",
    },
    chance: "chance",
    chart: (name, value, at) => `${name}: ${value} at ${at}`,
    at: (step) => `at ${step}`,
    curvesOf: "Curves",
    numbers: "Numbers",
    low: (name) => `${name}, low`,
    high: (name) => `${name}, high`,

    trained: (label, checkpoints, last) =>
      checkpoints === 1
        ? `“${label}” is in the library, at step ${last}.`
        : `“${label}” is in the library with ${checkpoints} checkpoints, up to step ${last}. Its scrubber stops at any of them.`,
    takeIn: "Take into the merge",
    takesPart: "takes part in the merge",
    gone: "What came of it is not here any more.",
    coefficients: "Coefficients",
    coefficient: "coefficient",
    spread: "smallest to largest",
    write: "Write into the recipe",
    writeNote: "Makes the recipe task arithmetic with these weights and λ 1; undo brings the old one back.",
    writeOwnNote: (method) =>
      `Makes the recipe ${method} as it was tuned, with these weights and λ 1; undo brings the old one back.`,
    pausedAt: (done, total) => `Saved at step ${done} of ${total}.`,

    saved: "Unfinished",
    savedNote: "Paused, or cut off by a reload. They go on where they were, bit for bit.",
    savedAt: (step, steps, bytes, when) => `step ${step} of ${steps} · ${bytes} on disk · ${when}`,
    otherBase: (name) => `Belongs to ${name}.`,
    unknownBase: "Belongs to a base that is not open.",
    goneTask: (task) =>
      `It learns the task “${task}”, which is not open. Drop its examples again, add them as a task of that name, and go on.`,
    openBase: (name) => `Open ${name}`,
    forgetRun: (label) => `Delete the unfinished training ${label}`,
  },
  ja: {
    title: "ジョブ",
    empty:
      "実行中のものはありません。始めたものはここに並び、進行中の曲線が見られます。その間もマージは使えます。",
    kinds: {
      train: (title) => `${title} の学習`,
      localise: (title) => `${title} の領域`,
      calibrate: (title) => `${title} での感度`,
      fisher: (title) => `${title} のフィッシャー情報量`,
      gram: (title) => `${title} のグラム行列`,
      adamerge: (title) => `${title} の調整`,
    },
    states: {
      queued: "待機中",
      running: "実行中",
      pausing: "一時停止へ",
      paused: "一時停止中",
      done: "完了",
      failed: "失敗",
      cancelled: "中止",
    },
    progress: {
      train: (done, total) => `ステップ ${done} / ${total}`,
      localise: (done, total) => `エポック ${done} / ${total}`,
      calibrate: (done, total) => `${done} / ${total} 例`,
      fisher: (done, total) => `${done} / ${total} 例`,
      gram: (done, total) => `${done} / ${total} 例`,
      adamerge: (done, total) => `ステップ ${done} / ${total}`,
    },
    preparing: "準備中",
    left: (time) => `残り約 ${time}`,
    took: (time) => `所要 ${time}`,
    pause: (title) => `一時停止：${title}`,
    resume: "再開",
    cancel: (title) => `中止：${title}`,
    dismiss: (title) => `一覧から外す：${title}`,
    again: "もう一度",
    stopForGood: "破棄",

    curves: {
      validation: "検証の正解率",
      grafted: "移植後の正解率",
      loss: "損失",
      density: "密度",
      entropy: "エントロピー",
    },
    nats: "ナット",
    axis: {
      train: "ステップ",
      localise: "エポック",
      calibrate: "回",
      adamerge: "ステップ",
      fisher: "例",
      gram: "例",
    },
    chance: "偶然",
    chart: (name, value, at) => `${name}：${at}で ${value}`,
    at: (step) => `${step} で`,
    curvesOf: "曲線",
    numbers: "数値",
    low: (name) => `${name}（下限）`,
    high: (name) => `${name}（上限）`,

    trained: (label, checkpoints, last) =>
      checkpoints === 1
        ? `「${label}」がライブラリに入りました（ステップ ${last}）。`
        : `「${label}」がライブラリに入りました。チェックポイントはステップ ${last} まで ${checkpoints} 個あり、どこででも止められます。`,
    takeIn: "マージに加える",
    takesPart: "マージに参加中",
    gone: "結果はもうここにありません。",
    coefficients: "係数",
    coefficient: "係数",
    spread: "最小 ～ 最大",
    write: "レシピに書き込む",
    writeNote: "レシピはこの重みと λ 1 のタスク算術になります。元に戻すで以前のレシピに戻ります。",
    writeOwnNote: (method) =>
      `レシピは、調整したときの${method}にこの重みと λ 1 を入れたものになります。元に戻すで以前のレシピに戻ります。`,
    pausedAt: (done, total) => `ステップ ${done} / ${total} で保存しました。`,

    saved: "未完了",
    savedNote:
      "一時停止したか、再読み込みで中断したものです。同じところから、ビット単位で同じように続きます。",
    savedAt: (step, steps, bytes, when) => `ステップ ${step} / ${steps} · 保存容量 ${bytes} · ${when}`,
    otherBase: (name) => `${name} のものです。`,
    unknownBase: "開いていないベースのものです。",
    goneTask: (task) =>
      `タスク「${task}」の学習ですが、そのタスクが開かれていません。データをもう一度ドロップして同じ名前のタスクとして追加すると、続けられます。`,
    openBase: (name) => `${name} を開く`,
    forgetRun: (label) => `未完了の学習 ${label} を削除`,
  },
});
