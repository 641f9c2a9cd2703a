/** Labelled examples as a reader found them, before anybody says what they are for. */

export type RawInputs =
  | {
      readonly kind: "array";
      /** Of one example. */
      readonly shape: readonly number[];
      /** u8 are pixels or the like (0…255); floats are as they are. */
      readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
    }
  | { readonly kind: "text"; readonly texts: readonly string[] }
  | {
      readonly kind: "pictures";
      /** Returns rows decoded and scaled to channels × height × width, u8, one after another; the caller owns them. */
      readonly load: (
        rows: ArrayLike<number>,
        shape: readonly [channels: number, height: number, width: number],
      ) => Promise<Uint8Array<ArrayBuffer>>;
    };

export interface RawExamples {
  /** What they belong to: the task's name, as files or folders suggest it. */
  readonly name: string;
  /** For messages. */
  readonly file: string;
  readonly inputs: RawInputs;
  /** One for each example: a class's name, or its number. */
  readonly labels: readonly string[];
  /** What the files' names say that they were meant for. */
  readonly part?: Part | undefined;
}

export type Part = "train" | "test";

/** What a word in a file's name or a "split" column says. */
export function partOf(word: string): Part | undefined {
  if (/^(train|training|fit)$/i.test(word)) return "train";
  return /^(test|t10k|valid|validation|val|dev|eval)$/i.test(word) ? "test" : undefined;
}
