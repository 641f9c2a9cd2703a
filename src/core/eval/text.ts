/**
 * How a text becomes a network's input: hashed character n-grams.
 *
 * Training, evaluation and a text typed by the user all go through this file, so its numbers are a format: a change
 * here needs a new `kind`.
 */
import { z } from "zod";
import { mix } from "../random.ts";

/** Characters beyond this many (code points, after normalising) are left out: labels and comments, not books. */
export const MAX_TEXT = 10_000;

/**
 * - the text in Unicode NFKC and lower case, white space run together, one space put before and after it;
 * - every run of n code points, for each n, except those of white space only;
 * - its bucket: FNV-1a over the run's UTF-8 bytes, mixed once more (random.ts), modulo `size`;
 * - a bucket's value: log(1 + count), the whole then divided by its Euclidean norm and multiplied by `scale`.
 *
 * An empty text is all zeros.
 */
export const textEncoding = z.strictObject({
  kind: z.literal("hashed-ngrams"),
  /** Buckets: the length of x. */
  size: z.int().min(16).max(1_048_576),
  /** Lengths of the runs, ascending. */
  n: z
    .array(z.int().min(1).max(8))
    .min(1)
    .max(8)
    .refine((list) => list.every((value, i) => i === 0 || value > list[i - 1]), { error: "must ascend" }),
  /** Norm of x. */
  scale: z.number().positive().max(1000).default(1),
});

export type TextEncoding = z.infer<typeof textEncoding>;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Fills `out` (`size` values) with the text's encoding; whatever it held is overwritten. */
export function fillText(out: Float32Array, text: string, { size, n, scale }: TextEncoding): void {
  out.fill(0);
  const points = pointsOf(text);
  const longest = n[n.length - 1];
  for (let begin = 0; begin < points.length; begin++) {
    let hash = FNV_OFFSET;
    let isBlank = true;
    const end = Math.min(points.length, begin + longest);
    for (let i = begin; i < end; i++) {
      hash = absorb(hash, points[i]);
      isBlank &&= points[i] === SPACE;
      if (!isBlank && n.includes(i - begin + 1)) out[(mix(hash) >>> 0) % size]++;
    }
  }
  normalise(out, scale);
}

/** Returns the text's encoding (`size` values); the caller owns it. */
export function encodeText(text: string, encoding: TextEncoding): Float32Array<ArrayBuffer> {
  const out = new Float32Array(encoding.size);
  fillText(out, text, encoding);
  return out;
}

const SPACE = 0x20;

/** Code points of the normalised text with a space on either side; none for a text of white space. */
function pointsOf(text: string): readonly number[] {
  // Cut before and after: normalising may lengthen a character up to 18 times, and costs time by length.
  const bare = text
    .slice(0, 2 * MAX_TEXT)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/gu, " ")
    .trim();
  if (bare === "") return [];
  const points = Array.from(bare, (character) => character.codePointAt(0) ?? 0);
  return [SPACE, ...points.slice(0, MAX_TEXT), SPACE];
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of one code point. Half a surrogate pair counts as three bytes, as it is. */
function absorb(hash: number, point: number): number {
  const byte = (state: number, value: number) => Math.imul(state ^ value, FNV_PRIME);
  if (point < 0x80) return byte(hash, point);
  const last = 0x80 | (point & 0x3f);
  if (point < 0x800) return byte(byte(hash, 0xc0 | (point >> 6)), last);
  const middle = 0x80 | ((point >> 6) & 0x3f);
  if (point < 0x10000) return byte(byte(byte(hash, 0xe0 | (point >> 12)), middle), last);
  const second = 0x80 | ((point >> 12) & 0x3f);
  return byte(byte(byte(byte(hash, 0xf0 | (point >> 18)), second), middle), last);
}

/** Counts → log(1 + count), divided by their norm (f64) and multiplied by scale. */
function normalise(out: Float32Array, scale: number): void {
  let squares = 0;
  for (const count of out) if (count > 0) squares += Math.log1p(count) ** 2;
  if (squares === 0) return;
  const factor = scale / Math.sqrt(squares);
  for (let i = 0; i < out.length; i++) if (out[i] > 0) out[i] = Math.log1p(out[i]) * factor;
}
