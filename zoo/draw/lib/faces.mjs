/**
 * Lists the font files to draw from, in a fixed order.
 *
 * A face = one weight and style of a family. `group` is the normalised family name: families of one group never
 * part (a condensed or monospaced sister is no stranger).
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { debian, npm } from "../fonts.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** role → [script sets it draws, most files to take from one npm family] */
const ROLES = {
  capitals: [["capitals"], 2],
  base: [["greek", "cyrillic", "capitals"], 5],
  baseGreek: [["greek"], 4],
  baseJapanese: [["katakana", "kanji", "hiragana"], 9],
  baseChinese: [["kanji"], 9],
  baseKorean: [["hangul"], 9],
  hiraganaTrain: [["hiragana"], 9],
  hiraganaValidation: [["hiragana"], 9],
  hiraganaTest: [["hiragana"], 9],
};

/** Which fontsource subset file holds a script. */
const SUBSETS = {
  capitals: "latin",
  greek: "greek",
  cyrillic: "cyrillic",
  katakana: "japanese",
  hiragana: "japanese",
  kanji: "japanese",
  hangul: "korean",
};

export function faces() {
  const list = [];
  for (const [role, [scripts, most]] of Object.entries(ROLES)) {
    for (const id of npm[role] ?? []) list.push(...npmFaces(id, role, scripts, most));
    for (const [id, licence] of debian[role] ?? []) list.push(...debianFaces(id, licence, role, scripts));
  }
  return list;
}

function npmFaces(id, role, scripts, most) {
  const folder = join(ROOT, "node_modules/@fontsource", id);
  const meta = JSON.parse(readFileSync(join(folder, "metadata.json"), "utf8"));
  const files = new Set(readdirSync(join(folder, "files")));
  const variants = [];
  for (const style of meta.styles) {
    for (const weight of meta.weights) {
      const of = (subset) => `${id}-${subset}-${weight}-${style}.woff`;
      const found = scripts
        .map((script) => [script, subsetOf(role, script)])
        .filter(([, subset]) => files.has(of(subset)))
        .map(([script, subset]) => [script, join(folder, "files", of(subset))]);
      if (found.length) variants.push({ weight, style, files: Object.fromEntries(found) });
    }
  }
  return spread(variants, most).map(({ weight, style, files: paths }) => ({
    family: meta.family,
    group: normalise(id),
    source: `@fontsource/${id}`,
    licence: meta.license.type === "mit" ? "MIT" : meta.license.type,
    role,
    variant: `${weight} ${style}`,
    files: paths,
  }));
}

function subsetOf(role, script) {
  return role === "baseChinese" ? "chinese-simplified" : SUBSETS[script];
}

/** Regular first, then those farthest from it: bold and italic say more than 400 and 500 do. */
function spread(variants, most) {
  const cost = (v) => Math.abs(v.weight - 400) + (v.style === "normal" ? 0 : 250);
  const sorted = [...variants].sort((a, b) => cost(a) - cost(b) || a.weight - b.weight);
  if (sorted.length <= most) return sorted;
  const wanted = Array.from({ length: most }, (_, i) =>
    Math.round((i * (sorted.length - 1)) / Math.max(1, most - 1)),
  );
  return [...new Set(wanted)].map((i) => sorted[i]);
}

function debianFaces(id, licence, role, scripts) {
  const root = join(ROOT, "../.data/debfonts", id);
  const paths = walk(root)
    .filter((p) => /\.(ttf|otf)$/i.test(p))
    .sort();
  return paths.map((path) => ({
    family: id.replace(/^fonts-/, ""),
    group: normalise(id),
    source: `Debian ${id}`,
    licence,
    role,
    variant: basename(path),
    files: Object.fromEntries(scripts.map((script) => [script, path])),
  }));
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isSymbolicLink() ? [] : entry.isDirectory() ? walk(path) : [path];
  });
}

/** Same hand under another name. */
const ALIASES = {
  mplus: "m",
  "kosugi-maru": "motoya",
  "aoyagi-kouzan-t": "kouzan",
  "aoyagi-soseki": "kouzan",
};

/** Name parts that tell sisters of one family apart. */
const SISTERS = new Set(
  (
    "mono sc condensed narrow decorative sketch text display brush sans serif one two next book basic plus slab " +
    "1 1p rounded 1c b1 27px 3 4 black stencil next tt pro new antique udgothic udpgothic eco extra cute " +
    "edu kana standard mouhitsu maruberi l cedar classic kr jp sc"
  ).split(" "),
);

/** `im-fell-english-sc` → `im-fell-english`; `fonts-yozvox-yozfont-cute` → `yozvox-yozfont`. */
export function normalise(id) {
  const parts = id.replace(/^fonts-/, "").split("-");
  while (parts.length > 1 && SISTERS.has(parts.at(-1))) parts.pop();
  const name = parts.join("-");
  return ALIASES[name] ?? name;
}
