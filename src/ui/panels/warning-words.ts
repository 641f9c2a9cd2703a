import type { Warning } from "#core/summary.ts";
import { defineWords } from "../words.ts";

interface WarningWords {
  /** Ends the name of a warning, before what it says. */
  readonly stop: string;
  readonly title: (count: number) => string;
  readonly codes: Readonly<Record<Warning["code"], string>>;
}

export const warningWords = defineWords<WarningWords>({
  en: {
    stop: ".",
    title: (count) =>
      count === 1 ? "One thing to know about this merge" : `${count} things to know about this merge`,
    codes: {
      "rule/no-match": "A rule matches nothing",
      "rule/shadowed": "A rule has no effect",
      "density/zero": "Nothing is kept",
      "weight-space/lambda": "λ has no meaning here",
      "expert/missing-tensors": "Tensors are missing",
      "evidence/other-step": "Measured at another step",
      "non-finite": "Not all values are finite",
      overflow: "Values overflow the stored type",
      "no-experts": "No expert takes part",
      "method/two-kinds": "Two kinds of merges",
      "subspace/no-room": "No room for a shared subspace",
      "lora/cross-terms": "Factors averaged one by one",
    },
  },
  ja: {
    stop: "。",
    title: (count) => `このマージについての注意 ${count} 件`,
    codes: {
      "rule/no-match": "ルールに一致するテンソルがありません",
      "rule/shadowed": "効果のないルールがあります",
      "density/zero": "何も残りません",
      "weight-space/lambda": "ここでは λ に意味がありません",
      "expert/missing-tensors": "テンソルが足りません",
      "evidence/other-step": "別のステップで測定されたデータです",
      "non-finite": "有限でない値があります",
      overflow: "保存する型の範囲を超える値があります",
      "no-experts": "参加するエキスパートがありません",
      "method/two-kinds": "二種類のマージ",
      "subspace/no-room": "共有部分空間を置く余地がありません",
      "lora/cross-terms": "因子を別々に平均しています",
    },
  },
});
