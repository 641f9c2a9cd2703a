/** Numbers that are typed rather than dragged. */
import type { Range } from "./range-gesture.ts";

const SERIES = [1, 2, 5, 10] as const;
const MINUS = "\u2212";
/** Below it a number is easier to read as a power of ten. */
const SMALL = 1e-4;

/** A track is of no use where the start lies in its first hundredths and has hundreds of steps above it. */
export function isSeries({ min, max, step, initial }: Range & { readonly initial: number }): boolean {
  return max > 2 && (max - min) / step > 200 && (initial - min) / (max - min) < 0.07;
}

/** "320", "0.001", "1e−8"; at most six significant digits. */
export function plainNumber(value: number): string {
  const short = Number(value.toPrecision(6));
  const text = short !== 0 && Math.abs(short) < SMALL ? short.toExponential() : String(short);
  return text.replaceAll("-", MINUS);
}

/** The nearest value of the range; whole where its steps are. */
export function inRange(value: number, { min, max, step }: Range): number {
  const whole = Number.isInteger(step) && Number.isInteger(min) ? Math.round(value) : value;
  return Math.min(max, Math.max(min, whole));
}

/** The next number of the series 1, 2, 5, 10, 20 … above or below, inside the range. */
export function stepInSeries(value: number, by: 1 | -1, range: Range): number {
  if (value <= 0) return inRange(by > 0 ? range.step : value, range);
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const mantissa = value / power;
  const next =
    by > 0
      ? (SERIES.find((one) => one > mantissa + 1e-9) ?? 10)
      : (SERIES.findLast((one) => one < mantissa - 1e-9) ?? 0.5);
  const stepped = Number((next * power).toPrecision(6));
  // Below the smallest step there is only nothing.
  return inRange(by < 0 && stepped < range.step / 1000 ? range.min : stepped, range);
}
