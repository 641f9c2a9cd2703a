import { defineWords } from "../words.ts";

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

/** Counts arrive as they are shown; the number beside them decides the grammar. */
const en = {
  bulk: "Edit the selected tensors",
  selected: (count: string, n: number) => `${count} ${plural(n, "tensor", "tensors")} selected`,
  notShown: (count: string) => `${count} not shown`,
  willSkip: (count: string) => `${count} locked, skipped`,
  applyTo: "For",
  dropRate: "Drop rate",
  dropRatePercent: "Drop rate of the selected tensors, in percent",
  setRate: "Set drop rate",
  factor: "Factor for the drop rates",
  scale: "Scale rates",
  lambda: "λ of the selected tensors",
  setLambda: "Set λ",
  keepBase: "Keep base",
  mergeAgain: "Merge again",
  lockAll: "Lock the selected tensors",
  unlockAll: "Unlock the selected tensors",
  resetAll: "Reset",
  clearSelection: "Clear the selection",
  done: (what: string, count: string, n: number, skipped: string, s: number) =>
    `${what}: ${count} ${plural(n, "tensor", "tensors")}${s > 0 ? `; ${skipped} locked, skipped` : ""}.`,
};

const ja: typeof en = {
  bulk: "選択したテンソルを編集",
  selected: (count) => `${count} 個を選択中`,
  notShown: (count) => `うち ${count} 個は非表示`,
  willSkip: (count) => `ロック中の ${count} 個は変更しません`,
  applyTo: "対象",
  dropRate: "ドロップ率",
  dropRatePercent: "選択したテンソルのドロップ率（パーセント）",
  setRate: "ドロップ率を設定",
  factor: "ドロップ率に掛ける倍率",
  scale: "倍率を適用",
  lambda: "選択したテンソルの λ",
  setLambda: "λ を設定",
  keepBase: "ベースのまま",
  mergeAgain: "マージに戻す",
  lockAll: "選択したテンソルをロック",
  unlockAll: "選択したテンソルのロックを解除",
  resetAll: "リセット",
  clearSelection: "選択を解除",
  done: (what, count, _n, skipped, s) =>
    `${what}：${count} 個${s > 0 ? `（ロック中の ${skipped} 個は変更なし）` : ""}`,
};

export const bulkWords = defineWords({ en, ja });
