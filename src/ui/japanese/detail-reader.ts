/** Details of errors and warnings, put into sentences. */

export type Details = Readonly<Record<string, unknown>>;
export type Sentence = (of: DetailReader) => string;

/** Reads details, which an error may lack. */
export class DetailReader {
  readonly #details: Details;

  constructor(details: Details) {
    this.#details = details;
  }

  /** "「name」" of the first of the keys that is there, else the words that stand for it. */
  name(words: string, ...keys: readonly string[]): string {
    const found = keys.map((key) => this.#details[key]).find((value) => value !== undefined && value !== "");
    return found === undefined || Array.isArray(found) ? words : `「${String(found)}」`;
  }

  /** A count with its unit, or nothing. */
  count(key: string, say: (count: string) => string): string {
    const value = this.#details[key];
    return typeof value === "number" ? say(value.toLocaleString("ja")) : "";
  }

  /** A number as it is, with what stands for one that is not there. */
  number(key: string, words = ""): string {
    return this.count(key, (count) => count) || words;
  }

  /** A list in brackets, or nothing. */
  list(key: string, words: string): string {
    const value = this.#details[key];
    return Array.isArray(value) && value.length > 0 ? `（${words}: ${value.join("、")}）` : "";
  }
}
