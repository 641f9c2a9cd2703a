import type { WorkTab } from "#app/slices/view.ts";
import { defineWords } from "../words.ts";

interface WorkTabWords {
  readonly list: string;
  readonly tabs: Readonly<Record<WorkTab, string>>;
  /** What a job has done, read out with the tab. */
  readonly running: (share: string) => string;
}

export const workTabWords = defineWords<WorkTabWords>({
  en: {
    list: "Below the recipe",
    tabs: { tensors: "Tensors", workbench: "Workbench", masks: "Masks", arithmetic: "Add & negate" },
    running: (share) => `a job is running, ${share} done`,
  },
  ja: {
    list: "レシピの下の表示",
    tabs: { tensors: "テンソル", workbench: "ワークベンチ", masks: "マスク", arithmetic: "加算と除去" },
    running: (share) => `ジョブ実行中、${share} 完了`,
  },
});
