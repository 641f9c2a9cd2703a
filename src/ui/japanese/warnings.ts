/** What a merge's warnings say, in Japanese; those that have no words here stay English. */
import type { Warning } from "#core/summary.ts";
import { DetailReader, type Details, type Sentence } from "./detail-reader.ts";

const sentences: Partial<Readonly<Record<Warning["code"], Sentence>>> = {
  "rule/no-match": (of) =>
    `ルール${of.name("", "match")}は、どのテンソルにも、またはどのエキスパートにも当てはまりません。`,
  "rule/shadowed": (of) =>
    `ルール${of.name("", "match")}には効果がありません。あとのルールが、すべての場所で同じ値を決めています。`,
  "density/zero": (of) =>
    `${of.name("あるエキスパート", "expert")}は、${of.count("tensors", (n) => `${n} 個のテンソル`)}（最初は${of.name("", "first")}）で何も残りません。要素数に対して密度が小さすぎます。`,
  "weight-space/lambda": () => "この手法に λ はありません。λ を決めるルールは効きません。",
  "expert/missing-tensors": (of) =>
    `${of.name("あるエキスパート", "expert")}には、ベースのテンソル ${of.number("tensors")} 個がないか、形が違います（最初は${of.name("", "first")}）。そこはベースのままです。`,
  "evidence/other-step": (of) =>
    `${of.name("エキスパート", "expert")}の測定結果${of.name("", "kind")}は、マージするチェックポイントではなく${of.count("step", (n) => `ステップ ${n} `) || "別のところ"}で測られました。`,
  "non-finite": (of) =>
    `マージ後の ${of.number("entries")} 要素が有限ではありません（テンソル ${of.number("tensors")} 個、最初は${of.name("", "first")}）。`,
  overflow: (of) =>
    `マージ後の ${of.number("entries")} 要素が、保存する型の範囲を超えます（テンソル ${of.number("tensors")} 個、最初は${of.name("", "first")}）。`,
  "no-experts": () => "参加しているエキスパートがありません。結果はベースそのものです。",
  "subspace/no-room": (of) =>
    `${of.count("tensors", (n) => `${n} 個の行列`)}（最初は${of.name("", "first")}）は、一辺が ${of.number("side")} より短く、共有部分空間を置く余地がありません。その修正に制約はありません。`,
  "lora/cross-terms": (of) =>
    `「A の平均 × B の平均」は更新の平均ではありません。違いは最大でその ${of.number("percent")} %（${of.name("", "first")}、テンソル ${of.number("tensors")} 個）です。`,
};

/** A sentence in Japanese; undefined where there is none. */
export function japaneseWarning(code: Warning["code"], details: Details): string | undefined {
  return sentences[code]?.(new DetailReader(details));
}
