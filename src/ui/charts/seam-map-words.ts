import type { SeamQuantity } from "#app/slices/view.ts";
import { defineWords } from "../words.ts";

const en = {
  seam: "Seam map",
  seamQuantity: "Quantity",
  quantities: {
    density: "kept",
    norm: "norm",
    conflict: "conflict",
    cosine: "cosine",
  } satisfies Record<SeamQuantity, string>,
  quantityTitle: {
    density: "Share of each task vector that is kept",
    norm: "Norm of each task vector",
    conflict: "Sign conflict between experts",
    cosine: "Cosine between experts",
  } satisfies Record<SeamQuantity, string>,
  pairs: "all pairs",
  byHand: "set by hand",
  fromBase: "kept from base",
  notMeasured: "not measured yet",
  seamTable: "Show as a table",
  seamPicture: "Show as a picture",
  block: "Block",
  seamKeys:
    "Arrows move a cell, Page Up and Page Down a block, Home and End to the ends. Enter selects the tensor, Shift extends the selection.",
  seamCell: (tensor: string, who: string, value: string) => `${tensor} · ${who} · ${value}`,
  keptShare: (share: string) => `${share} kept`,
  seamSummary: (what: string, means: string, blocks: string) =>
    `${what}, mean over all tensors: ${means}; ${blocks} groups of tensors.`,
};

const ja: typeof en = {
  seam: "継ぎ目マップ",
  seamQuantity: "表示する量",
  quantities: { density: "密度", norm: "ノルム", conflict: "符号衝突", cosine: "コサイン" },
  quantityTitle: {
    density: "各タスクベクトルの残す割合",
    norm: "各タスクベクトルのノルム",
    conflict: "エキスパート間の符号の衝突",
    cosine: "エキスパート間のコサイン",
  },
  pairs: "全組",
  byHand: "手動で設定",
  fromBase: "ベースのまま",
  notMeasured: "未測定",
  seamTable: "表で見る",
  seamPicture: "図で見る",
  block: "ブロック",
  seamKeys:
    "矢印キーでセルを、Page Up・Page Down でブロックを移動し、Home・End で両端へ。Enter でテンソルを選択、Shift で範囲を広げます。",
  seamCell: (tensor, who, value) => `${tensor} · ${who} · ${value}`,
  keptShare: (share) => `残す割合 ${share}`,
  seamSummary: (what, means, blocks) =>
    `${what}（全テンソルの平均）：${means}。テンソルのまとまりは ${blocks} 個です。`,
};

export const seamWords = defineWords({ en, ja });
export type SeamWords = typeof en;
