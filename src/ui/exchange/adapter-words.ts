import { defineWords } from "../words.ts";

interface AdapterWords {
  readonly title: string;
  readonly note: string;
  readonly rank: string;
  readonly rankHelp: string;
  /** What the curve is; `last` = the highest rank that gains anything. */
  readonly curve: (last: string) => string;
  /** A button that goes to the lowest rank of a share. */
  readonly level: (share: string, rank: string) => string;
  readonly measure: string;
  readonly measuring: string;
  readonly save: string;
  readonly keeps: (rank: string, share: string) => string;
  readonly all: (rank: string, share: string) => string;
  readonly nothing: string;
  readonly left: (tensors: string) => string;
}

export const adapterWords = defineWords<AdapterWords>({
  en: {
    title: "LoRA adapter",
    note: "What the merge adds to the base, as two low-rank factors per matrix: adapter_model.safetensors and adapter_config.json, for peft. Keep both in one folder.",
    rank: "Highest rank",
    rankHelp:
      "Each matrix of the change is cut to its strongest directions, at most this many. Energy: the sum of squares of the change, over all tensors.",
    curve: (last) => `Share of the change's energy that ranks 1 to ${last} keep`,
    level: (share, rank) => `${share} at rank ${rank}`,
    measure: "Measure what ranks keep",
    measuring: "Taking the merge apart…",
    save: "Save adapter",
    keeps: (rank, share) => `Rank ${rank} keeps ${share} of the change's energy.`,
    all: (rank, share) => `Rank ${rank} keeps everything that an adapter can hold: ${share} of the energy.`,
    nothing: "The merge changes no matrix of the base.",
    left: (tensors) => `${tensors} changed tensors are no matrices: the adapter leaves them at the base.`,
  },
  ja: {
    title: "LoRA アダプター",
    note: "マージがベースに加える変化を、行列ごとに二つの低ランク因子で保存します。peft 用の adapter_model.safetensors と adapter_config.json です。同じフォルダーに置いてください。",
    rank: "最大ランク",
    rankHelp:
      "変化の行列ごとに、強い方向から最大でこの数だけ残します。エネルギーは、全テンソルにわたる変化の二乗和です。",
    curve: (last) => `ランク 1 から ${last} で残る、変化のエネルギーの割合`,
    level: (share, rank) => `ランク ${rank} で ${share}`,
    measure: "ランクごとに残る量を測る",
    measuring: "マージを分解しています…",
    save: "アダプターを保存",
    keeps: (rank, share) => `ランク ${rank} で、変化のエネルギーの ${share} が残ります。`,
    all: (rank, share) =>
      `ランク ${rank} で、アダプターに入るものはすべて残ります（エネルギーの ${share}）。`,
    nothing: "このマージはベースの行列を変えません。",
    left: (tensors) => `行列ではないテンソル ${tensors} 個の変化は、アダプターには入りません。`,
  },
});
