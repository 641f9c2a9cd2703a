/**
 * A strict JSON reader for headers of unknown origin.
 *
 * `JSON.parse` hides three things that matter in a header: a key that occurs twice, an integer that no double
 * holds, and a `__proto__` key. Here the first is an error, integers are bigint, and objects are Maps.
 */

/** Integers are bigint; a number with a fraction, an exponent or a negative zero is a number. */
export type StrictJson = string | bigint | number | boolean | null | readonly StrictJson[] | StrictObject;
export type StrictObject = ReadonlyMap<string, StrictJson>;

/** Nesting that no header needs; keeps a hostile one from overflowing the stack. */
const MAX_DEPTH = 32;

/** What is wrong, and at which character of the text. */
export class StrictJsonError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** The value of one JSON text (RFC 8259). @throws StrictJsonError */
export function parseStrictJson(text: string): StrictJson {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  const value = scanner.value(0);
  scanner.skipSpace();
  if (scanner.at < text.length)
    throw new StrictJsonError("there is text after the end of the JSON", scanner.at);
  return value;
}

const SPACE = /[ \t\n\r]*/y;
/** Digits of the largest u64; a longer integer is no length of anything. */
const MAX_DIGITS = 20;
const NUMBER = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const LONE_SURROGATE = /\p{Surrogate}/u;

class Scanner {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): StrictJson {
    if (depth > MAX_DEPTH) throw new StrictJsonError(`it is nested deeper than ${MAX_DEPTH} levels`, this.at);
    switch (this.#text[this.at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  #object(depth: number): StrictObject {
    const entries = new Map<string, StrictJson>();
    for (const start of this.#items("}")) {
      if (this.#text[this.at] !== '"') throw new StrictJsonError("a key must be a string", this.at);
      const key = this.#string();
      if (entries.has(key)) throw new StrictJsonError(`the key ${JSON.stringify(key)} occurs twice`, start);
      this.skipSpace();
      if (this.#text[this.at] !== ":")
        throw new StrictJsonError("a key must be followed by a colon", this.at);
      this.at++;
      this.skipSpace();
      entries.set(key, this.value(depth + 1));
    }
    return entries;
  }

  #array(depth: number): readonly StrictJson[] {
    const values: StrictJson[] = [];
    for (const _ of this.#items("]")) values.push(this.value(depth + 1));
    return values;
  }

  /** Walks the comma-separated items of a bracket, yielding at the start of each. */
  *#items(close: "}" | "]"): Generator<number, void> {
    this.at++;
    this.skipSpace();
    if (this.#text[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      yield this.at;
      this.skipSpace();
      const next = this.#text[this.at];
      if (next !== "," && next !== close) throw new StrictJsonError(`"," or "${close}" is missing`, this.at);
      this.at++;
      if (next === close) return;
      this.skipSpace();
    }
  }

  #string(): string {
    const start = this.at;
    const end = closingQuote(this.#text, start);
    if (end < 0) throw new StrictJsonError("a string has no end", start);
    this.at = end + 1;
    const value = unquote(this.#text.slice(start, this.at), start);
    if (LONE_SURROGATE.test(value)) throw new StrictJsonError("a string has half a surrogate pair", start);
    return value;
  }

  #scalar(): bigint | number | boolean | null {
    const start = this.at;
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(this.#text);
    if (number) {
      if (number[0].length > MAX_DIGITS) throw new StrictJsonError("a number has too many digits", start);
      this.at = NUMBER.lastIndex;
      const isInteger = number[2] === undefined && number[3] === undefined && number[0] !== "-0";
      return isInteger ? BigInt(number[0]) : Number(number[0]);
    }
    const literal = this.#match(LITERAL);
    if (literal === undefined) throw new StrictJsonError("a value is missing", start);
    return literal === "null" ? null : literal === "true";
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** Index of the quote that closes the string opened at `open`; -1 if there is none. */
function closingQuote(text: string, open: number): number {
  for (let end = text.indexOf('"', open + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

/** The string that a quoted token stands for. */
function unquote(token: string, at: number): string {
  try {
    const value: unknown = JSON.parse(token);
    if (typeof value === "string") return value;
  } catch {
    // JSON.parse knows what is wrong but not where in the header
  }
  throw new StrictJsonError("a string has a bad escape or a control character", at);
}
