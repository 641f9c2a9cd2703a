/**
 * Short texts in several languages: the CLDR annotations of emoji, and the group of the emoji as their class.
 *
 * The split is by emoji and the same in every language, because an emoji's texts are translations of each other.
 * Sisters (man, woman and person walking; walking left and right) stay together for the same reason.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { z } from "zod";
import { coin, coinKey } from "../../src/core/random.ts";
import { stratified } from "./stratified.ts";

/** CLDR's name of the language, and what it calls itself. */
export const LANGUAGES = {
  en: "English",
  ja: "日本語",
  de: "Deutsch",
  fr: "Français",
  zh: "中文",
  ar: "العربية",
} as const;
export type Language = keyof typeof LANGUAGES;
export const languages = ["en", "ja", "de", "fr", "zh", "ar"] as const satisfies readonly Language[];

/** Emoji groups by emojibase's number: components (skin tones) and flags are no class. */
const GROUPS = new Map([
  [0, "Smileys and emotion"],
  [1, "People and body"],
  [3, "Animals and nature"],
  [4, "Food and drink"],
  [5, "Travel and places"],
  [6, "Activities"],
  [7, "Objects"],
  [8, "Symbols"],
]);
export const textClasses = [...GROUPS.values()];

export const textSplits = ["train", "validation", "test"] as const;
export type TextSplit = (typeof textSplits)[number];
/** Shares of the emoji; the rest is training. */
const SHARES = { test: 0.25, validation: 0.17 };
const FEW = 64;

export interface Texts {
  readonly texts: readonly string[];
  readonly labels: readonly number[];
}

/** Texts of one language, each split in an order whose every prefix is close to class-balanced. */
export type LanguageTexts = Readonly<Record<TextSplit | "fewShot", Texts>>;

const emojiList = z.array(z.object({ emoji: z.string(), hexcode: z.string(), group: z.number().optional() }));
const annotations = z.object({
  annotations: z.object({
    annotations: z.record(
      z.string(),
      z.object({ default: z.array(z.string()).optional(), tts: z.array(z.string()).optional() }),
    ),
  }),
});

/** Reads the texts of all languages from their packages. */
export async function readTexts(seed: number): Promise<ReadonlyMap<Language, LanguageTexts>> {
  const emoji = emojiList
    .parse(await readPackage("emojibase-data/en/data.json"))
    .filter(({ group }) => group !== undefined && GROUPS.has(group));
  const splitOf = splits(new Set(emoji.map(({ hexcode }) => sistersOf(hexcode))), seed);
  const found = new Map<Language, LanguageTexts>();
  for (const language of languages) {
    const path = `cldr-annotations-full/annotations/${language}/annotations.json`;
    const known = annotations.parse(await readPackage(path)).annotations.annotations;
    const rows: Record<TextSplit, { text: string; label: number }[]> = {
      train: [],
      validation: [],
      test: [],
    };
    const seen = new Set<string>();
    for (const { emoji: character, hexcode, group } of emoji) {
      const entry = known[character] ?? known[character.replaceAll("\ufe0f", "")];
      const text = textOf(entry?.tts ?? [], entry?.default ?? []);
      if (text === "" || seen.has(text)) continue;
      seen.add(text);
      const label = [...GROUPS.keys()].indexOf(group ?? -1);
      rows[splitOf.get(sistersOf(hexcode)) ?? "train"].push({ text, label });
    }
    const order = (split: TextSplit, most?: number): Texts => {
      const chosen = stratified(
        rows[split].map(({ label }) => label),
        coinKey(seed, language, split),
        most,
      ).flatMap((row) => rows[split][row] ?? []);
      return { texts: chosen.map(({ text }) => text), labels: chosen.map(({ label }) => label) };
    };
    found.set(language, {
      train: order("train"),
      fewShot: order("train", FEW),
      validation: order("validation"),
      test: order("test"),
    });
  }
  return found;
}

/** "name: keyword, keyword", without keywords that repeat the name. */
function textOf(names: readonly string[], keywords: readonly string[]): string {
  const [name = ""] = names;
  const others = keywords.filter((keyword) => keyword !== name);
  return [name, others.join(", ")].filter((part) => part !== "").join(": ");
}

const PEOPLE = new Set(["1F468", "1F469", "1F9D1"]);
const SIGNS = new Set(["2640", "2642", "27A1", "FE0F", "200D"]);

/** The code points that sisters share: without man, woman, person, the signs of gender and direction. */
function sistersOf(hexcode: string): string {
  const points = hexcode.split("-").filter((point) => !SIGNS.has(point));
  const rest = points.filter((point) => !PEOPLE.has(point));
  return (rest.length > 0 ? rest : points).join("-");
}

/** Which split each group of sisters belongs to: by a coin of its own. */
function splits(groups: ReadonlySet<string>, seed: number): ReadonlyMap<string, TextSplit> {
  const ranked = [...groups].sort((a, b) => coinOf(seed, a) - coinOf(seed, b) || (a < b ? -1 : 1));
  const tests = Math.round(ranked.length * SHARES.test);
  const validations = Math.round(ranked.length * SHARES.validation);
  return new Map(
    ranked.map((group, i) => [group, i < tests ? "test" : i < tests + validations ? "validation" : "train"]),
  );
}

function coinOf(seed: number, group: string): number {
  return coin(coinKey(seed, "emoji", group), 0);
}

async function readPackage(path: string): Promise<unknown> {
  return JSON.parse(await readFile(createRequire(import.meta.url).resolve(path), "utf8"));
}
