import { defineWords } from "../words.ts";

interface KeptEnergyWords {
  readonly title: string;
  readonly unit: string;
  readonly sample: (matrices: string) => string;
  /** `least` of the matrix `name`, and the median of all. */
  readonly summary: (matrices: string, median: string, least: string, name: string) => string;
  readonly all: (matrices: string) => string;
  readonly rank: (rank: string) => string;
  readonly columns: {
    readonly tensor: string;
    readonly rank: string;
    readonly energy: string;
    readonly cross: string;
  };
}

export const keptEnergyWords = defineWords<KeptEnergyWords>({
  en: {
    title: "Energy kept",
    unit: "share of the updates' Σ of squares, per matrix",
    sample: (matrices) => `${matrices} matrices`,
    summary: (matrices, median, least, name) =>
      `Over ${matrices} matrices the chosen rank keeps ${median} of the updates' energy in the median, least in ${name}: ${least}.`,
    all: (matrices) => `All of the updates' energy is kept, in all ${matrices} matrices.`,
    rank: (rank) => `rank ${rank}`,
    columns: { tensor: "tensor", rank: "rank", energy: "energy kept", cross: "cross terms ÷ update" },
  },
  ja: {
    title: "残るエネルギー",
    unit: "行列ごとの、更新の二乗和のうち残る割合",
    sample: (matrices) => `行列 ${matrices} 個`,
    summary: (matrices, median, least, name) =>
      `行列 ${matrices} 個で、選んだランクに残る更新のエネルギーは中央値で ${median}、最も少ないのは ${name} の ${least} です。`,
    all: (matrices) => `行列 ${matrices} 個すべてで、更新のエネルギーがそのまま残ります。`,
    rank: (rank) => `ランク ${rank}`,
    columns: { tensor: "テンソル", rank: "ランク", energy: "残るエネルギー", cross: "交差項 ÷ 更新" },
  },
});
