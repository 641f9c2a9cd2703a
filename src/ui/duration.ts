/** Spans of time as people say them, for estimates: no more than two units, no false precision. */
import type { Language } from "./format.ts";

const units = {
  en: { under: "under a second", s: " s", min: " min", h: " h", join: " " },
  ja: { under: "1 秒未満", s: " 秒", min: " 分", h: " 時間", join: " " },
} as const;

/** "under a second", "12 s", "3 min 20 s", "14 min", "2 h 5 min". @param seconds ≥ 0 */
export function durationText(seconds: number, language: Language): string {
  const { under, s, min, h, join } = units[language];
  if (seconds < 0.95) return under;
  if (seconds < 99.5) return `${Math.round(seconds)}${s}`;
  if (seconds < 600) {
    const tens = Math.round(seconds / 10);
    const rest = (tens % 6) * 10;
    const whole = `${Math.floor(tens / 6)}${min}`;
    return rest === 0 ? whole : `${whole}${join}${rest}${s}`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}${min}`;
  const whole = `${Math.floor(minutes / 60)}${h}`;
  return minutes % 60 === 0 ? whole : `${whole}${join}${minutes % 60}${min}`;
}
