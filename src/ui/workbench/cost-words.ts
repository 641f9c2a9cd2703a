import { defineWords } from "../words.ts";

/** Counts and sizes come written. */
export interface CostNumbers {
  readonly time: string;
  readonly forward: string | undefined;
  readonly both: string | undefined;
  readonly memory: string;
  /** How many requests of the kind are meant. */
  readonly times: number;
}

interface CostWords {
  readonly measuring: string;
  readonly sentence: (cost: CostNumbers) => string;
  readonly failed: string;
}

export const costWords = defineWords<CostWords>({
  en: {
    measuring: "Measuring what it takes on this machine…",
    sentence: ({ time, forward, both, memory, times }) => {
      const passes = [
        both === undefined ? "" : `${both} examples forward and back`,
        forward === undefined ? "" : `${forward} ${both === undefined ? "examples " : ""}forward only`,
      ].filter(Boolean);
      const [all, each] = times > 1 ? [" in all", " for each"] : ["", ""];
      return `About ${time}${all} on this machine: ${passes.join(", ")}${each}; ${memory} of memory.`;
    },
    failed: "It cannot be done with this model.",
  },
  ja: {
    measuring: "この端末でどれだけかかるか測っています…",
    sentence: ({ time, forward, both, memory, times }) => {
      const passes = [
        both === undefined ? "" : `順伝播と逆伝播 ${both} 例`,
        forward === undefined ? "" : `順伝播のみ ${forward} 例`,
      ].filter(Boolean);
      const each = times > 1 ? "一つにつき" : "";
      return `この端末で${times > 1 ? "合わせて" : ""}約 ${time}。${each}${passes.join("、")}、メモリー ${memory}。`;
    },
    failed: "このモデルではできません。",
  },
});
