/** Numbers as the page writes them: three significant digits, a real minus sign, a narrow space before a unit. */
import { useApp } from "#app/store.ts";
import type { Estimate, Proportion } from "#core/eval/report.ts";

export type Language = "en" | "ja";

export interface Formats {
  /** Three significant digits: 0.0523, 1.25, 41,200. */
  number(value: number): string;
  /** As many decimals as the step of its control has: 0.4 at step 0.05 is "0.40"; no grouping, as it stands in boxes. */
  at(step: number, value: number): string;
  /** A fraction 0…1 as "93.9 %". */
  percent(fraction: number): string;
  /** k of n as "93.9 %"; "–" where n is 0. */
  share(proportion: Proportion): string;
  /** "91.2–95.8 %", the 95 % interval of a proportion or estimate of a fraction. */
  interval(range: Pick<Estimate, "low" | "high">): string;
  /** A difference of fractions in points, signed: "+1.1", "−0.4". */
  points(difference: number): string;
  /** Whole counts: "203,912". */
  count(value: number): string;
  /** Counts for narrow places: "204k". */
  compact(value: number): string;
  /** "n = 1,000". */
  n(value: number): string;
  /** Decimal units: "41.2 MB". */
  bytes(value: number): string;
  /** "38 ms", "1.25 s". */
  milliseconds(value: number): string;
  /** "digits, clothes and capitals". */
  list(words: readonly string[]): string;
}

const MINUS = "\u2212";
const NARROW = "\u202f";
const UNITS = ["B", "kB", "MB", "GB"] as const;

const cache = new Map<Language, Formats>();

/** The formats of a language; one object per language, so that it may be a dependency. */
export function formatsOf(language: Language): Formats {
  const known = cache.get(language);
  if (known) return known;
  const made = makeFormats(language);
  cache.set(language, made);
  return made;
}

/** The formats of the user's language. */
export function useFormats(): Formats {
  return formatsOf(useApp((state) => state.language));
}

function makeFormats(language: Language): Formats {
  const significant = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const three = new Intl.NumberFormat(language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const points = new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
  const words = new Intl.ListFormat(language, { type: "conjunction" });
  const fixed = new Map<number, Intl.NumberFormat>();

  const sign = (text: string) => text.replace("-", MINUS);
  const hundred = (fraction: number) => (fraction === 0 ? "0" : sign(three.format(100 * fraction)));

  return {
    number: (value) => sign(significant.format(value)),
    at(step, value) {
      const digits = decimalsOf(step);
      const format =
        fixed.get(digits) ??
        new Intl.NumberFormat(language, {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
          useGrouping: false,
        });
      fixed.set(digits, format);
      return sign(format.format(value));
    },
    percent: (fraction) => `${hundred(fraction)}${NARROW}%`,
    share: ({ k, n }) => (n === 0 ? "–" : `${hundred(k / n)}${NARROW}%`),
    interval: ({ low, high }) => `${hundred(low)}–${hundred(high)}${NARROW}%`,
    points: (difference) => sign(points.format(100 * difference)),
    count: (value) => sign(whole.format(value)),
    compact: (value) => sign(short.format(value).toLowerCase().replace("m", "M")),
    n: (value) => `n${NARROW}=${NARROW}${whole.format(value)}`,
    bytes(value) {
      const unit = Math.min(UNITS.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
      return `${significant.format(value / 1000 ** unit)}${NARROW}${UNITS[unit]}`;
    },
    milliseconds: (value) =>
      value < 1000 ? `${whole.format(value)}${NARROW}ms` : `${significant.format(value / 1000)}${NARROW}s`,
    list: (list) => words.format(list),
  };
}

/** Decimals of a step: 0.05 has 2, 1 has 0; at most 6, as recipes store them. */
export function decimalsOf(step: number): number {
  for (let digits = 0; digits < 6; digits++) {
    if (Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) < 1e-9) return digits;
  }
  return 6;
}

/** Reads a number as people type it: "0,4", ".4", "−1", "40 %"; undefined where it is none. */
export function parseNumber(text: string): number | undefined {
  const plain = text.normalize("NFKC").trim().replaceAll(MINUS, "-").replace(/\s/g, "");
  const isPercent = plain.endsWith("%");
  const digits = (isPercent ? plain.slice(0, -1) : plain)
    .replace(/^([-+]?\d*),(\d{1,2}|\d{4,})$/, "$1.$2")
    .replace(/,/g, "");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits)) return undefined;
  const value = Number(digits);
  return isPercent ? value / 100 : value;
}
