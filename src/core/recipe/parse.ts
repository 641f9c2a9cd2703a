/** Reads a recipe from anything: a file, a link, a message. What comes out is total and every value is in range. */
import { z } from "zod";
import { AppError } from "../errors.ts";
import { checkParam, completeParams, type ParamValue } from "./complete.ts";
import { storedDensity } from "./density.ts";
import { builtIn, findMethod, findSparsifier, type Registry } from "./registry.ts";
import { type Recipe, type Rule, recipe as recipeSchema } from "./schema.ts";

/** The version that this code writes. */
const CURRENT_VERSION = 1;

/** Takes a recipe of the version in the key to the next one. Version 1 is the first, so the table is still empty. */
const migrations: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {};

/**
 * A recipe from unknown data: migrated to this version, checked, parameters filled with their defaults.
 * Values out of range are refused, never moved.
 * @throws AppError recipe/malformed, recipe/unknown-method, recipe/unknown-sparsifier, recipe/unknown-expert
 */
export function parseRecipe(value: unknown, registry: Registry = builtIn): Recipe {
  const result = recipeSchema.safeParse(migrate(value));
  if (!result.success) throw malformed(result.error);
  const { data } = result;
  const method = findMethod(registry, data.method.id);
  checkExperts(data);
  return {
    ...data,
    method: { id: method.id, params: completeParams(method, data.method.params, "method.params") },
    sparsifiers: data.sparsifiers.map((use, i) => ({
      ...use,
      params: completeParams(findSparsifier(registry, use.id), use.params, `sparsifiers.${i}.params`),
    })),
    rules: data.rules.map((rule, i) => parseRule(rule, `rules.${i}`, registry)),
    locks: [...new Set(data.locks)],
  };
}

/** A rule whose values are known to be in range; densities rounded. @throws AppError recipe/malformed, recipe/unknown-sparsifier */
export function parseRule(rule: Rule, path: string, registry: Registry = builtIn): Rule {
  const entries = Object.entries(rule.set).map(([key, value]) => [
    key,
    ruleValue(key, value, `${path}.set`, registry),
  ]);
  return { ...rule, set: Object.fromEntries(entries) };
}

function migrate(value: unknown): unknown {
  const looksRight = z.looseObject({ version: z.int().min(1) }).safeParse(value);
  if (!looksRight.success) {
    throw new AppError("recipe/malformed", "This is no Kintsugi recipe: it has no version number.", {
      path: "version",
    });
  }
  let current: Record<string, unknown> = looksRight.data;
  const { version } = looksRight.data;
  if (version > CURRENT_VERSION) {
    throw new AppError(
      "recipe/malformed",
      `The recipe has version ${version}; this Kintsugi reads up to ${CURRENT_VERSION}. Open it with a newer one.`,
      { path: "version", version },
    );
  }
  for (let from = version; from < CURRENT_VERSION; from++) current = migrations[from](current);
  return current;
}

function malformed(error: z.ZodError): AppError {
  const [issue] = error.issues;
  const path = issue.path.map(String).join(".") || "the recipe";
  return new AppError(
    "recipe/malformed",
    `${path}: ${issue.message}. Correct it and open the recipe again.`,
    {
      path,
      problems: error.issues.length,
    },
  );
}

function checkExperts({ experts, rules, evidence }: Recipe): void {
  const ids = new Set<string>();
  for (const { id } of experts) {
    if (id === "base") throw refused("experts", id, "“base” names the base, so no expert can have that id.");
    if (ids.has(id)) throw refused("experts", id, `The recipe names the expert “${id}” twice.`);
    ids.add(id);
  }
  rules.forEach(({ keep }, i) => {
    if (keep === undefined || keep === "base" || ids.has(keep)) return;
    throw new AppError(
      "recipe/unknown-expert",
      `Rule ${i + 1} takes tensors from “${keep}”, which is no expert of the recipe.`,
      { path: `rules.${i}.keep`, expert: keep },
    );
  });
  checkEvidence(evidence, ids);
}

function checkEvidence(evidence: Recipe["evidence"], experts: ReadonlySet<string>): void {
  const seen = new Set<string>();
  evidence.forEach(({ kind, expert }, i) => {
    const path = `evidence.${i}.expert`;
    if (!experts.has(expert)) {
      const message = `The recipe has evidence about “${expert}”, which is no expert of the recipe.`;
      throw new AppError("recipe/unknown-expert", message, { path, expert });
    }
    const key = `${kind} ${expert}`;
    if (seen.has(key)) throw refused(path, expert, `The recipe has two of kind “${kind}” about “${expert}”.`);
    seen.add(key);
  });
}

function refused(path: string, expert: string, message: string): AppError {
  return new AppError("recipe/malformed", message, { path, expert });
}

/** Ranges of what every rule may set, whatever the method. */
const common: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  lambda: { min: -2, max: 2 },
  weight: { min: -2, max: 2 },
  density: { min: 0, max: 1 },
};

function ruleValue(key: string, value: ParamValue, path: string, registry: Registry): ParamValue {
  if (Object.hasOwn(common, key)) {
    const { min, max } = common[key];
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      throw new AppError("recipe/malformed", `${path}.${key} is ${value}; it takes ${min} to ${max}.`, {
        path: `${path}.${key}`,
        key,
        value: String(value),
        allowed: `${min} to ${max}`,
      });
    }
    return key === "density" ? storedDensity(value) : value;
  }
  const dot = key.indexOf(".");
  if (dot < 0) {
    throw new AppError(
      "recipe/malformed",
      `${path}: “${key}” is nothing a rule can set. Use lambda, weight, density or <sparsifier>.<parameter>.`,
      { path: `${path}.${key}`, key },
    );
  }
  return checkParam(findSparsifier(registry, key.slice(0, dot)), key.slice(dot + 1), value, path);
}
