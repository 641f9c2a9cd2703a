/**
 * Vite plugin: the TeX of every method and sparsifier card becomes MathML when the app is built, so that the page
 * ships no formula engine. Provides `virtual:formulas` (id → markup).
 */
import { fileURLToPath } from "node:url";
import temml from "temml";
import { runnerImport } from "vite";

const NAME = "virtual:formulas";
const RESOLVED = `\0${NAME}`;
const CATALOG = fileURLToPath(new URL("../src/core/catalog.ts", import.meta.url));

/** @returns {import("vite").Plugin} */
export function formulas() {
  /** @type {Set<string>} Files that the cards come from; a change of one compiles the formulas again. */
  const sources = new Set();
  return {
    name: "kintsugi:formulas",
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      const { module, dependencies } = await runnerImport(CATALOG, { configFile: false, logLevel: "error" });
      for (const file of [CATALOG, ...dependencies]) {
        sources.add(file);
        this.addWatchFile(file);
      }
      const cards = [...module.methodCards, ...module.sparsifierCards];
      const entries = cards.map((card) => [card.id, compile(card)]);
      return `export const formulas = ${JSON.stringify(Object.fromEntries(entries))};`;
    },
    hotUpdate({ file, modules }) {
      if (!sources.has(file)) return undefined;
      const own = this.environment.moduleGraph.getModuleById(RESOLVED);
      return own ? [...modules, own] : undefined;
    },
  };
}

/** MathML of a card's formula. @throws Error that names the card whose TeX does not compile */
function compile({ id, formula }) {
  try {
    return temml.renderToString(formula, { displayMode: true, throwOnError: true });
  } catch (error) {
    throw new Error(`formula of ${id}: ${error instanceof Error ? error.message : error}`);
  }
}
