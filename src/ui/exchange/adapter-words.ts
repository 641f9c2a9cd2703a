import { defineWords } from "../words.ts";

interface AdapterWords {
  readonly title: string;
  readonly note: string;
  readonly rank: string;
  readonly measure: string;
  readonly measuring: string;
  readonly save: string;
  readonly keeps: (rank: string, share: string) => string;
  readonly all: (rank: string) => string;
  readonly nothing: string;
  readonly left: (tensors: string) => string;
}

export const adapterWords = defineWords<AdapterWords>({
  en: {
    title: "LoRA adapter",
    note: "What the merge adds to the base, as two low-rank factors per matrix: adapter_model.safetensors and adapter_config.json, for peft. Keep both in one folder.",
    rank: "Highest rank",
    measure: "Measure what ranks keep",
    measuring: "Taking the merge apart…",
    save: "Save adapter",
    keeps: (rank, share) => `Rank ${rank} keeps ${share} of the change's energy.`,
    all: (rank) => `Rank ${rank} keeps everything that an adapter can hold.`,
    nothing: "The merge changes no matrix of the base.",
    left: (tensors) => `${tensors} changed tensors are no matrices: the adapter leaves them at the base.`,
  },
  ja: {
    title: "LoRA アダプター",
    note: "マージがベースに加える変化を、行列ごとに二つの低ランク因子で保存します。peft 用の adapter_model.safetensors と adapter_config.json です。同じフォルダーに置いてください。",
    rank: "最大ランク",
    measure: "ランクごとに残る量を測る",
    measuring: "マージを分解しています…",
    save: "アダプターを保存",
    keeps: (rank, share) => `ランク ${rank} で、変化のエネルギーの ${share} が残ります。`,
    all: (rank) => `ランク ${rank} で、アダプターに入るものはすべて残ります。`,
    nothing: "このマージはベースの行列を変えません。",
    left: (tensors) => `行列ではないテンソル ${tensors} 個の変化は、アダプターには入りません。`,
  },
});
