import type { ErrorCode } from "#core/errors.ts";
import type { RepairPolicy } from "#core/recipe/repair.ts";
import { defineWords } from "../words.ts";

/** A headline per code; the message of the error says where and what to do. */
export interface NoticeWords {
  readonly region: string;
  readonly dismiss: string;
  readonly dismissAll: (count: number) => string;
  readonly codes: Readonly<
    Record<
      | ErrorCode
      | "link-copied"
      | "saved"
      | "starting"
      | "copied"
      | "evidence-opened"
      | "worker/lost"
      | "kept/damaged"
      | "own/offer"
      | "own/outputs"
      | "task/offer"
      | "task/looking"
      | "task/adding"
      | "task/added",
      string
    >
  >;
  readonly unknown: string;
  /** What the buttons of an offer say. */
  readonly openFamily: (name: string) => string;
  readonly openOwn: string;
  readonly takeOutput: (name: string) => string;
  readonly reviewTasks: string;
  readonly repair: Readonly<Record<RepairPolicy, string>>;
  readonly leaveOut: string;
  /** Of a file with entries that are no numbers. */
  readonly nonFinite: {
    readonly nan: (count: string) => string;
    readonly infinite: (count: string) => string;
    readonly summary: (kinds: string, tensors: string, isOne: boolean) => string;
    readonly more: (tensors: string) => string;
    readonly advice: string;
    readonly baseAdvice: string;
  };
  /** Shown under the headline of a saved model. */
  readonly content: (hash: string) => string;
}

export const noticeWords = defineWords<NoticeWords>({
  en: {
    region: "Notices",
    dismiss: "Dismiss notice",
    dismissAll: (count) => `Dismiss all ${count}`,
    unknown: "Something went wrong",
    openFamily: (name) => `Open ${name}`,
    openOwn: "Open as a new base",
    takeOutput: (name) => `Use “${name}”`,
    reviewTasks: "Add as a task…",
    repair: { base: "Keep the base’s values there", zero: "Set them to 0" },
    leaveOut: "Leave it out",
    nonFinite: {
      nan: (count) => `${count} NaN`,
      infinite: (count) => `${count} infinite`,
      summary: (kinds, tensors, isOne) => `${kinds}, in ${isOne ? "one tensor" : `${tensors} tensors`}:`,
      more: (tensors) => `and ${tensors} more`,
      advice:
        "With the base’s values nothing changes there; 0 removes these weights. Either is another model, with a hash of its own; what you save says which. If training diverged, take an earlier checkpoint.",
      baseAdvice:
        "Every expert is compared with these weights. With 0 there it is another model, with a hash of its own; what you save says so. A sound copy is better.",
    },
    content: (hash) => `Content ${hash}. Equal recipes on equal inputs give this hash again.`,
    codes: {
      "file/unknown-format": "This file is of a kind that Kintsugi does not read",
      "file/unsupported": "This file uses something that Kintsugi does not support",
      "file/truncated": "This file is cut short",
      "file/malformed": "This file is damaged",
      "file/too-large": "This file is too large",
      "file/unreadable": "This file could not be read",
      "model/no-base": "There is no base to compare with",
      "model/shape-mismatch": "A tensor has another shape than in the base",
      "model/missing-tensors": "Tensors of the base are missing",
      "model/dtype": "A tensor has an unexpected type",
      "model/non-finite": "The model holds values that are not finite",
      "model/unknown-task": "The task is not known",
      "recipe/malformed": "This is not a recipe that can be opened",
      "recipe/unknown-method": "The recipe asks for an unknown method",
      "recipe/unknown-sparsifier": "The recipe asks for an unknown sparsifier",
      "recipe/unknown-expert": "The recipe uses an expert that is not open",
      "recipe/unknown-checkpoint": "The recipe uses a checkpoint that is not open",
      "recipe/wrong-base": "The recipe was made for another base",
      "recipe/no-experts": "No expert takes part",
      "recipe/non-finite-result": "The merge gives values that are not finite",
      "recipe/overflow": "The merge overflows the number type it is saved in",
      "recipe/missing-evidence": "The recipe needs a measurement that is not here",
      "autodiff/unsupported": "This network cannot be differentiated",
      "train/diverged": "The training diverged",
      "train/other-run": "The saved training belongs to other settings",
      "data/malformed": "The data could not be read",
      "eval/graph": "The model's graph could not be run",
      "eval/memory": "There was not enough memory to evaluate",
      "zoo/unavailable": "The shipped models could not be loaded",
      "worker/crashed": "A worker stopped and was started again",
      "storage/full": "The browser's storage is full",
      "storage/unavailable": "The browser's storage cannot be used",
      "export/failed": "The model could not be saved",
      "link-copied": "Link to this recipe copied",
      copied: "Copied",
      "evidence-opened": "Measurement opened",
      "worker/lost": "Not recovered",
      "kept/damaged": "Something that was stored is damaged",
      "own/offer": "These models are no experts of the open base",
      "own/outputs": "Which output holds the class scores?",
      "task/offer": "These examples can be a task of the open family",
      "task/looking": "Looking at the examples",
      "task/adding": "Reading the examples, trying the base on them",
      "task/added": "Task added. Train an expert for it in the workbench",
      saved: "Saved",
      starting: "Still starting",
    },
  },
  ja: {
    region: "お知らせ",
    dismiss: "お知らせを閉じる",
    dismissAll: (count) => `${count} 件すべて閉じる`,
    unknown: "問題が起きました",
    openFamily: (name) => `${name} を開く`,
    openOwn: "新しいベースとして開く",
    takeOutput: (name) => `「${name}」を使う`,
    reviewTasks: "タスクとして追加…",
    repair: { base: "そこはベースの値を使う", zero: "0 にする" },
    leaveOut: "このファイルは使わない",
    nonFinite: {
      nan: (count) => `NaN ${count} 個`,
      infinite: (count) => `無限大 ${count} 個`,
      summary: (kinds, tensors) => `${kinds}（テンソル ${tensors} 個）:`,
      more: (tensors) => `ほか ${tensors} 個`,
      advice:
        "ベースの値を使うと、そこは何も変わりません。0 にすると、その重みはなくなります。どちらも固有のハッシュを持つ別のモデルになり、選んだ方法は保存時に記録されます。学習が発散したのなら、それより前のチェックポイントを使ってください。",
      baseAdvice:
        "どのエキスパートもこの重みと比べられます。0 にすると固有のハッシュを持つ別のモデルになり、そのことは保存時に記録されます。できれば壊れていないファイルを使ってください。",
    },
    content: (hash) => `内容ハッシュ ${hash}。同じレシピと同じ入力からは同じハッシュになります。`,
    codes: {
      "file/unknown-format": "Kintsugi が読めない種類のファイルです",
      "file/unsupported": "対応していない機能を使ったファイルです",
      "file/truncated": "ファイルが途中で切れています",
      "file/malformed": "ファイルが壊れています",
      "file/too-large": "ファイルが大きすぎます",
      "file/unreadable": "ファイルを読み込めませんでした",
      "model/no-base": "比べる元となるベースがありません",
      "model/shape-mismatch": "テンソルの形がベースと異なります",
      "model/missing-tensors": "ベースにあるテンソルが足りません",
      "model/dtype": "テンソルの型が想定と異なります",
      "model/non-finite": "モデルに有限でない値が含まれています",
      "model/unknown-task": "タスクが分かりません",
      "recipe/malformed": "レシピとして開けません",
      "recipe/unknown-method": "レシピの手法が分かりません",
      "recipe/unknown-sparsifier": "レシピの疎化手法が分かりません",
      "recipe/unknown-expert": "レシピが使うエキスパートが開かれていません",
      "recipe/unknown-checkpoint": "レシピが使うチェックポイントが開かれていません",
      "recipe/wrong-base": "別のベース用のレシピです",
      "recipe/no-experts": "参加しているエキスパートがありません",
      "recipe/non-finite-result": "マージ結果に有限でない値が出ました",
      "recipe/overflow": "マージ結果が保存先の数値型に収まりません",
      "recipe/missing-evidence": "レシピに必要な測定結果がありません",
      "autodiff/unsupported": "このネットワークは微分できません",
      "train/diverged": "学習が発散しました",
      "train/other-run": "保存された学習は別の設定のものです",
      "data/malformed": "データを読み込めませんでした",
      "eval/graph": "モデルのグラフを実行できませんでした",
      "eval/memory": "評価に必要なメモリが足りませんでした",
      "zoo/unavailable": "同梱モデルを読み込めませんでした",
      "worker/crashed": "ワーカーが停止したため再起動しました",
      "storage/full": "ブラウザーの保存領域がいっぱいです",
      "storage/unavailable": "ブラウザーの保存領域を使えません",
      "export/failed": "モデルを保存できませんでした",
      "link-copied": "このレシピへのリンクをコピーしました",
      copied: "コピーしました",
      "evidence-opened": "測定結果を開きました",
      "worker/lost": "復元できませんでした",
      "kept/damaged": "保存したものの一部が壊れています",
      "own/offer": "開いているベースのエキスパートではないモデルです",
      "own/outputs": "クラスのスコアはどの出力ですか",
      "task/offer": "このデータは開いているファミリーのタスクにできます",
      "task/looking": "データを確認しています",
      "task/adding": "データを読み込み、ベースで試しています",
      "task/added": "タスクを追加しました。ワークベンチでエキスパートを学習できます",
      saved: "保存しました",
      starting: "起動中です",
    },
  },
});
