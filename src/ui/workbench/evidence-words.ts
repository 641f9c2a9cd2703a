import type { EvidenceCard } from "#core/summary.ts";
import { defineWords } from "../words.ts";

type Kind = EvidenceCard["about"]["kind"];

interface EvidenceWords {
  readonly title: string;
  /** What it is and of whom: "mask of Digits@640". */
  readonly names: Readonly<Record<Kind, (of: string) => string>>;
  /** A mask of the base's weights, for training. */
  readonly talos: (task: string) => string;
  readonly ofBase: (task: string) => string;
  readonly weights: (share: string) => string;
  readonly examples: (n: string) => string;
  readonly use: string;
  readonly used: string;
  readonly train: string;
  readonly save: (name: string) => string;
  readonly forget: (name: string) => string;
}

export const evidenceWords = defineWords<EvidenceWords>({
  en: {
    title: "Measurements",
    names: {
      mask: (of) => `Mask of ${of}`,
      fisher: (of) => `Fisher information of ${of}`,
      gram: (of) => `Gram matrices of ${of}`,
      sensitivity: (of) => `Sensitivity of ${of}`,
    },
    talos: (task) => `TaLoS mask for ${task}`,
    ofBase: (task) => `the base on ${task}`,
    weights: (share) => `${share} of weights`,
    examples: (n) => `${n} examples`,
    use: "Use in recipe",
    used: "in the recipe",
    train: "Train under it",
    save: (name) => `Save ${name} as a file`,
    forget: (name) => `Forget ${name}`,
  },
  ja: {
    title: "測定結果",
    names: {
      mask: (of) => `${of} のマスク`,
      fisher: (of) => `${of} のフィッシャー情報量`,
      gram: (of) => `${of} のグラム行列`,
      sensitivity: (of) => `${of}の感度`,
    },
    talos: (task) => `${task} の TaLoS マスク`,
    ofBase: (task) => `${task} でのベース`,
    weights: (share) => `重みの ${share}`,
    examples: (n) => `${n} 例`,
    use: "レシピで使う",
    used: "レシピで使用中",
    train: "これで学習",
    save: (name) => `${name}をファイルに保存`,
    forget: (name) => `${name}を削除`,
  },
});
