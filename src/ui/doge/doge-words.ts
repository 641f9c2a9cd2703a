import type { PassState } from "#app/slices/pass.ts";
import { defineWords } from "../words.ts";

interface DogeWords {
  readonly title: string;
  /** How it stands; `step` and `steps` are counts as text. */
  readonly states: Readonly<Record<PassState, (step: string, steps: string) => string>>;
  readonly tensors: (done: string, total: string) => string;
  readonly fell: (share: string) => string;
  readonly left: (time: string) => string;
  readonly waits: string;
  readonly holds: (bytes: string) => string;
  readonly gave: (from: string, to: string) => string;
  readonly pause: string;
  readonly resume: string;
  readonly keep: string;
  readonly keepNote: (step: string) => string;
  readonly cancel: string;
  readonly goOn: string;
  readonly again: string;
  readonly inside: string;
  readonly insideNote: string;
  readonly unseen: string;
  readonly unbegun: string;
  readonly free: string;
  readonly tune: string;
  readonly loss: {
    readonly title: string;
    readonly unit: string;
    readonly name: string;
    readonly all: string;
    readonly step: string;
    readonly at: (step: string) => string;
    readonly label: (value: string, step: string) => string;
    readonly fell: (from: string, to: string, share: string, step: string) => string;
    readonly still: (from: string) => string;
    readonly begins: string;
    readonly note: string;
    readonly sample: string;
  };
  readonly energy: {
    readonly title: string;
    readonly unit: string;
    readonly summary: (median: string, times: string, most: string, share: string) => string;
    readonly free: (layers: string) => string;
    readonly allFree: string;
    readonly isFree: string;
    readonly key: string;
    readonly sample: (layers: string) => string;
    readonly columns: {
      readonly layer: string;
      readonly rows: string;
      readonly columns: string;
      readonly rank: string;
      readonly energy: (expert: string) => string;
      readonly lambda: (expert: string) => string;
      readonly length: string;
      readonly inside: string;
    };
    /** Of the modification: the whole model's length, and the median layer's share inside. */
    readonly made: (length: string, inside: string) => string;
  };
}

export const dogeWords = defineWords<DogeWords>({
  en: {
    title: "Optimisation",
    states: {
      held: () => "Begins as soon as nothing moves",
      preparing: () => "Fetching task vectors and finding what they share",
      running: (step, steps) => `Step ${step} of ${steps}`,
      pausing: (step, steps) => `Pausing at step ${step} of ${steps}`,
      paused: (step, steps) => `Paused at step ${step} of ${steps}`,
      stopped: (step, steps) =>
        step === "0" ? "Stopped before the first step" : `Stopped at step ${step} of ${steps}`,
      failed: () => "Not optimised",
      inside: () => "The models worker optimises it as part of the merge",
      done: (_, steps) => (steps === "1" ? "Optimised in 1 step" : `Optimised in ${steps} steps`),
    },
    tensors: (done, total) => `: ${done} of ${total}`,
    fell: (share) => `loss −${share}`,
    left: (time) => `about ${time} left`,
    waits: "Numbers on screen are of the recipe before until this is done.",
    holds: (bytes) => `Holds ${bytes}.`,
    gave: (from, to) => `Loss ${from} → ${to}. What that is worth, the charts of results tell.`,
    pause: "Pause",
    resume: "Resume",
    keep: "Stop here",
    keepNote: (step) =>
      `Sets the recipe to ${step} steps and merges with what they gave; raising the steps later goes on from there.`,
    cancel: "Cancel the optimisation",
    goOn: "Go on",
    again: "Try again",
    inside: "Optimise while merging",
    insideNote: "Without the optimise worker: the models worker does it, and other merges wait meanwhile.",
    unseen: "It was optimised as part of a merge, so there is no curve.",
    unbegun: "The loss appears with the first step.",
    free: "The experts’ weights are free: AdaMerging can find coefficients for what was optimised here.",
    tune: "Tune weights by entropy",
    loss: {
      title: "Loss",
      unit: "by Adam step; without data",
      name: "Loss",
      all: "All layers together",
      step: "Step",
      at: (step) => `before step ${step}`,
      label: (value, step) => `Loss by step: ${value} before step ${step}`,
      fell: (from, to, share, step) =>
        `The loss fell from ${from} to ${to}, by ${share}, up to step ${step}.`,
      still: (from) => `The loss is ${from} and has not fallen.`,
      begins: "The first step is on its way.",
      note: "It is the squared gap between each expert's change and the merged one, row by row along the expert's own: a stand-in for what the tasks lose. Accuracy is in the charts of results.",
      sample: "no examples",
    },
    energy: {
      title: "Shared subspace",
      unit: "share of each expert's change inside it, by layer",
      summary: (median, times, most, share) =>
        `Half of the changes lie in the shared subspace with more than ${median} of their energy, ${times} times as much as in a random one; ${most} most, with ${share}.`,
      free: (layers) => `Too small to share a direction, so nothing is constrained: ${layers}.`,
      allFree: "Nothing is constrained: the modification may move anywhere.",
      isFree: "nothing is constrained",
      key: "a random subspace of this size",
      sample: (layers) => (layers === "1" ? "1 layer" : `${layers} layers`),
      columns: {
        layer: "Layer",
        rows: "Rows",
        columns: "Columns",
        rank: "Shared directions",
        energy: (expert) => `${expert}: inside`,
        lambda: (expert) => `${expert}: λ`,
        length: "‖Δ‖",
        inside: "Δ: inside",
      },
      made: (length, inside) =>
        `The modification came out ${length} long over all layers; ${inside} of its energy lies inside, in the median layer. Adam scales every entry by itself, so the modification keeps to a side only in part.`,
    },
  },
  ja: {
    title: "最適化",
    states: {
      held: () => "操作が止まると始まります",
      preparing: () => "タスクベクトルを読み、共有部分を求めています",
      running: (step, steps) => `${steps} ステップ中 ${step}`,
      pausing: (step, steps) => `${steps} ステップ中 ${step} で一時停止します`,
      paused: (step, steps) => `${steps} ステップ中 ${step} で一時停止中`,
      stopped: (step, steps) =>
        step === "0" ? "最初のステップの前に止めました" : `${steps} ステップ中 ${step} で止めました`,
      failed: () => "最適化できていません",
      inside: () => "モデルワーカーがマージの一部として最適化しています",
      done: (_, steps) => `${steps} ステップで最適化しました`,
    },
    tensors: (done, total) => `（${done} / ${total}）`,
    fell: (share) => `損失 −${share}`,
    left: (time) => `残り約 ${time}`,
    waits: "完了するまで、画面の数値は一つ前のレシピのものです。",
    holds: (bytes) => `メモリ ${bytes}。`,
    gave: (from, to) => `損失 ${from} → ${to}。その効果は結果のグラフに出ます。`,
    pause: "一時停止",
    resume: "再開",
    keep: "ここで止める",
    keepNote: (step) =>
      `レシピを ${step} ステップに変え、そこまでの結果でマージします。あとでステップ数を増やすと続きから始まります。`,
    cancel: "最適化を取り消す",
    goOn: "続ける",
    again: "やり直す",
    inside: "マージの中で最適化する",
    insideNote: "最適化ワーカーを使わず、モデルワーカーで行います。その間、ほかのマージは待ちます。",
    unseen: "マージの一部として最適化したため、曲線はありません。",
    unbegun: "最初のステップで損失が出ます。",
    free: "エキスパートの重みは自由です。ここで最適化した結果に掛ける係数を AdaMerging で求められます。",
    tune: "エントロピーで重みを調整",
    loss: {
      title: "損失",
      unit: "Adam のステップごと。データは使いません",
      name: "損失",
      all: "全層の合計",
      step: "ステップ",
      at: (step) => `ステップ ${step} の前`,
      label: (value, step) => `ステップごとの損失：ステップ ${step} の前で ${value}`,
      fell: (from, to, share, step) =>
        `ステップ ${step} までに損失は ${from} から ${to} へ、${share} 下がりました。`,
      still: (from) => `損失は ${from} で、下がっていません。`,
      begins: "最初のステップを計算しています。",
      note: "各エキスパートの変化とマージ後の変化との差を、エキスパート自身の方向に沿って行ごとに二乗した値です。タスクが失うものの代わりの目安で、正解率は結果のグラフに出ます。",
      sample: "例は使いません",
    },
    energy: {
      title: "共有部分空間",
      unit: "各エキスパートの変化のうち、その中にある割合（層ごと）",
      summary: (median, times, most, share) =>
        `変化の半数は、エネルギーの ${median} 以上が共有部分空間にあります（無作為な部分空間の ${times} 倍）。最も多いのは ${most} の ${share} です。`,
      free: (layers) => `小さすぎて共有する方向がなく、制約されない層：${layers}。`,
      allFree: "制約はありません。補正はどの方向にも動けます。",
      isFree: "制約なし",
      key: "同じ大きさの無作為な部分空間",
      sample: (layers) => `${layers} 層`,
      columns: {
        layer: "層",
        rows: "行",
        columns: "列",
        rank: "共有する方向の数",
        energy: (expert) => `${expert}：内側`,
        lambda: (expert) => `${expert}：λ`,
        length: "‖Δ‖",
        inside: "Δ：内側",
      },
      made: (length, inside) =>
        `補正の長さは全層で ${length} になりました。そのエネルギーのうち内側にあるのは、層の中央値で ${inside} です。Adam は要素ごとに縮尺を変えるので、補正が決めた側に収まるのは一部だけです。`,
    },
  },
});
