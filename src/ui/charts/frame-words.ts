import { defineWords } from "../words.ts";

export const frameWords = defineWords({
  en: {
    menu: (title: string) => `Menu of the chart “${title}”`,
    showTable: "Show as table",
    showChart: "Show as chart",
    savePng: "Save picture (PNG)",
    saveSvg: "Save drawing (SVG)",
    saveCsv: "Save numbers (CSV)",
    notSaved: "This browser could not draw the picture. The SVG holds the same drawing.",
    origin: (recipe: string, date: string) => `Kintsugi${recipe && ` · recipe ${recipe}`} · ${date}`,
    split: { validation: "validation", test: "test" },
    subset: { quick: "quick subset", full: "whole split" },
    sample: (split: string, subset: string, n: string) => `${split}, ${subset}, ${n} per task`,
  },
  ja: {
    menu: (title: string) => `グラフ「${title}」のメニュー`,
    showTable: "表で表示",
    showChart: "グラフで表示",
    savePng: "画像を保存 (PNG)",
    saveSvg: "図面を保存 (SVG)",
    saveCsv: "数値を保存 (CSV)",
    notSaved: "このブラウザーでは画像を作れませんでした。同じ図を SVG で保存できます。",
    origin: (recipe: string, date: string) => `Kintsugi${recipe && ` · レシピ ${recipe}`} · ${date}`,
    split: { validation: "検証データ", test: "テストデータ" },
    subset: { quick: "速報用の一部", full: "全体" },
    sample: (split: string, subset: string, n: string) => `${split}、${subset}、1 タスクあたり ${n}`,
  },
});
