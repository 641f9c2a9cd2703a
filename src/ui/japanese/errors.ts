/**
 * What to say of an error in Japanese: what happened, where, and what to do, from its code and details. A table, so it
 * may be long. The English message tells more of the place; it is shown under this.
 */
import type { ErrorCode } from "#core/errors.ts";
import { DetailReader, type Details, type Sentence } from "./detail-reader.ts";

const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  "file/unknown-format": (of) =>
    `${of.name("このファイル", "file")}は読める形式ではありません。safetensors、ONNX、レシピ、または学習用のデータを選んでください。`,
  "file/unsupported": (of) =>
    `${of.name("このファイル", "file")}は、対応していない機能を使っています${of.count("opset", (n) => `（opset ${n}）`)}。`,
  "file/truncated": (of) =>
    `${of.name("ファイル", "file")}が途中で切れています${of.count("promised", (n) => `（${n} バイトあるはずです`)}${of.count("size", (n) => `。実際は ${n} バイトです）`)}。もう一度ダウンロードするか、コピーし直してください。`,
  "file/malformed": (of) =>
    `${of.name("ファイル", "file")}の${of.name("内容", "tensor", "path", "line")}が壊れています。作り直すか、もう一度ダウンロードしてください。`,
  "file/too-large": (of) =>
    `${of.name("ファイル", "file")}は、このページで扱うには大きすぎます。コマンド（npm run -s kintsugi）か mergekit を使ってください。`,
  "file/unreadable": (of) =>
    of.name("", "missing")
      ? `${of.name("モデル", "file")}は複数のファイルに分かれていますが、${of.name("", "missing")}がありません。すべてまとめて、またはフォルダーごとドロップしてください。`
      : `ブラウザーが${of.name("ファイル", "file")}を読めませんでした。移動や変更がなかったか確かめて、もう一度開いてください。`,
  "model/no-base": (of) =>
    `${of.name("このファイル", "file")}の元になったベースが開かれていません。先にそのベースを開いてください。`,
  "model/shape-mismatch": (of) =>
    `${of.name("このファイル", "file")}には、ベースと形の異なるテンソルがあります${of.count("count", (n) => `（${n} 個）`)}。同じネットワークから微調整したものか確かめてください。`,
  "model/missing-tensors": (of) =>
    `${of.name("このファイル", "file")}には、ベースにあるテンソルが${of.count("count", (n) => ` ${n} 個`)}足りません${of.list("tensors", "たとえば")}。同じネットワークから微調整したものか確かめてください。`,
  "model/dtype": (of) =>
    `${of.name("このファイル", "file")}は重みを整数で持っています。float32、float16、bfloat16 のどれかで保存してください。`,
  "model/non-finite": (of) =>
    `${of.name("モデル", "file")}に NaN か無限大があります${of.list("tensors", "テンソル")}。学習が発散していないか確かめてください。`,
  "model/unknown-task": (of) =>
    `${of.name("このタスク", "task", "expert")}に合うモデルかデータがありません。データを追加するか、別のタスクを選んでください。`,
  "recipe/malformed": (of) =>
    `レシピの${of.name("内容", "path")}を読めません。直して、もう一度開いてください。`,
  "recipe/unknown-method": (of) =>
    `手法${of.name("", "id")}は、このバージョンにはありません${of.list("known", "使えるもの")}。`,
  "recipe/unknown-sparsifier": (of) =>
    `疎化${of.name("", "id")}は、このバージョンにはありません${of.list("known", "使えるもの")}。`,
  "recipe/unknown-expert": (of) =>
    `レシピが使うエキスパート${of.name("", "expert")}は開かれていません。先にそのファイルをドロップしてから、レシピを開いてください。`,
  "recipe/unknown-checkpoint": (of) =>
    `エキスパート${of.name("", "expert")}に、ステップ${of.name("", "step")}のチェックポイントがありません。`,
  "recipe/wrong-base": () => "このレシピは別のベースのものです。先にそのベースを開いてください。",
  "recipe/no-experts": () => "参加しているエキスパートがありません。一つ以上を「使う」にしてください。",
  "recipe/non-finite-result": (of) =>
    `マージ結果のテンソル${of.name("", "tensor")}に NaN か無限大が出ました。λ や重みを小さくしてください。`,
  "recipe/overflow": (of) =>
    `マージ結果のテンソル${of.name("", "tensor")}が、保存する型に収まりません。float32 か bfloat16 で保存するか、λ を小さくしてください。`,
  "recipe/missing-evidence": (of) =>
    `レシピに必要な測定結果${of.name("", "kind")}がありません${of.name("", "expert") && `（エキスパート${of.name("", "expert")}）`}。「今すぐ測る」で測るか、保存したファイルをドロップしてください。`,
  "autodiff/unsupported": (of) =>
    `このネットワークの演算${of.name("", "operator")}は微分できません。マージと評価はできますが、学習と勾配の測定はできません。`,
  "train/diverged": (of) =>
    `${of.count("step", (n) => `ステップ ${n} で`)}${of.count("epoch", (n) => `エポック ${n} で`)}発散しました。学習率を下げて、もう一度試してください。`,
  "train/other-run": () =>
    "保存された学習は、いまの設定やベースのものではありません。最初から始めてください。",
  "data/malformed": (of) =>
    `${of.name("データ", "file", "task")}を読み込めません。形式とラベルを確かめてください。`,
  "eval/graph": (of) =>
    `モデルのグラフを実行できません${of.name("", "node", "tensor", "output", "input") && `（${of.name("", "node", "tensor", "output", "input")}）`}。`,
  "eval/memory": () =>
    "評価に必要なメモリが足りません。ほかのタブを閉じるか、バッチやモデルを小さくしてください。",
  "zoo/unavailable": (of) =>
    `${of.name("同梱モデル", "file")}を読み込めません。ページを読み込み直してください。`,
  "worker/crashed": () =>
    "ワーカーを起動し直しました。レシピは失われていません。続かないときは、ページを読み込み直してください。",
  "storage/full": () => "保存領域がいっぱいです。不要なものを消すか、ファイルとして保存してください。",
  "storage/unavailable": () =>
    "ブラウザーの保存領域を使えません。プライベートウィンドウでは使えないことがあります。大切なものはファイルに保存してください。",
  "export/failed": () => "モデルを保存できませんでした。もう一度試してください。",
};

/** A sentence in Japanese; undefined for a code that is none of core's. */
export function japaneseError(code: string, details: Details = {}): string | undefined {
  const known: Readonly<Record<string, Sentence | undefined>> = sentences;
  return known[code]?.(new DetailReader(details));
}
