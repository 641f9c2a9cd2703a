import { defineWords } from "../words.ts";

export const libraryWords = defineWords({
  en: {
    family: "Models",
    base: "Base",
    baseNote: (parameters: string, tensors: string) =>
      `${parameters} parameters in ${tensors} tensors. Every expert started from these weights; a task vector is what it changed.`,
    parameters: "parameters",
    experts: "Experts",
    allSteps: "All experts at step",
    allStepsHelp:
      "Moves every expert that has this checkpoint. Undertrained experts often merge better than finished ones.",
    mixed: "mixed",
    last: "last",
    takesPart: (name: string) => `${name} takes part`,
    step: "Step",
    of: (last: string) => `of ${last}`,
    weight: "Weight",
    stepOf: (name: string) => `Stop step of ${name}`,
    weightOf: (name: string) => `Weight of ${name}`,
    alone: "alone",
    merged: "merged",
    aloneNote: (n: string, interval: string) =>
      `Accuracy of this expert by itself on its own task at this step: 95 % interval ${interval}, ${n}, validation.`,
    mergedNote: (n: string, interval: string) =>
      `Accuracy of the recipe on this task with all experts at this step: 95 % interval ${interval}, ${n}, validation.`,
    value: (step: string, last: string) => `step ${step} of ${last}`,
    aloneValue: (accuracy: string) => `alone ${accuracy}`,
    mergedValue: (accuracy: string) => `merged ${accuracy}`,
    pinnedAt: (step: string) => `pinned recipe: step ${step}`,
    oneCheckpoint: "One checkpoint",
    noTask: "No task known: it is merged, but has no accuracy of its own.",
    measuring: "Accuracy by step comes when the page rests.",
    remove: (name: string) => `Remove ${name}`,
    warnings: (count: number) => (count === 1 ? "1 note" : `${count} notes`),
    drop: "Drop experts here",
    dropNote:
      "safetensors, ONNX or a LoRA adapter’s folder, made from the base; several checkpoints of one expert together; labelled examples as a new task: a folder of pictures by class, arrays, CSV; a recipe; or your own ONNX model with its experts and examples",
    openFiles: "Open files",
    openFolder: "Open folder",
    loading: "Loading the models…",
    failed:
      "The models could not be loaded. Reload the page; if that does not help, this server lacks the files under zoo/.",
  },
  ja: {
    family: "モデル集",
    base: "ベース",
    baseNote: (parameters, tensors) =>
      `${tensors} 個のテンソルに ${parameters} 個のパラメーター。全エキスパートはこの重みから出発しました。タスクベクトルはそこからの変化です。`,
    parameters: "パラメーター",
    experts: "エキスパート",
    allSteps: "全エキスパートのステップ",
    allStepsHelp:
      "このチェックポイントを持つ全エキスパートを動かします。学習を早めに止めたほうが、マージではうまくいくことがよくあります。",
    mixed: "混在",
    last: "最後",
    takesPart: (name) => `${name} を使う`,
    step: "ステップ",
    of: (last) => `/ ${last}`,
    weight: "重み",
    stepOf: (name) => `${name} の停止ステップ`,
    weightOf: (name) => `${name} の重み`,
    alone: "単独",
    merged: "マージ後",
    aloneNote: (n, interval) =>
      `このステップのエキスパート単独での、自分のタスクの正解率です。95 % 区間 ${interval}、${n}、検証データ。`,
    mergedNote: (n, interval) =>
      `全エキスパートをこのステップにしたレシピでの、このタスクの正解率です。95 % 区間 ${interval}、${n}、検証データ。`,
    value: (step, last) => `ステップ ${step} / ${last}`,
    aloneValue: (accuracy) => `単独 ${accuracy}`,
    mergedValue: (accuracy) => `マージ後 ${accuracy}`,
    pinnedAt: (step) => `固定したレシピ: ステップ ${step}`,
    oneCheckpoint: "チェックポイント 1 個",
    noTask: "タスクが不明です。マージには使われますが、単独の正解率はありません。",
    measuring: "ステップごとの正解率は、手が空いたときに測ります。",
    remove: (name) => `${name} を外す`,
    warnings: (count) => `注意 ${count} 件`,
    drop: "エキスパートをここにドロップ",
    dropNote:
      "ベースから作った safetensors、ONNX、LoRA アダプターのフォルダー。同じエキスパートのチェックポイントはまとめてどうぞ。ラベル付きデータ（クラスごとの画像フォルダー、配列、CSV）は新しいタスクになります。レシピや、自分の ONNX モデルとそのエキスパート、データも開けます",
    openFiles: "ファイルを開く",
    openFolder: "フォルダーを開く",
    loading: "モデルを読み込んでいます…",
    failed:
      "モデルを読み込めませんでした。再読み込みしても直らない場合は、サーバーに zoo/ 以下のファイルがありません。",
  },
});
