/**
 * mergekit YAML → our recipe: the exact subset, and line by line what does not fit.
 *
 * Parameters that are one number become the recipe's own values; gradients and filters become rules over the tensors
 * that they hit, so that every tensor gets the number that mergekit would give it.
 */
import { parseRecipe } from "../recipe/parse.ts";
import type { ContentId, ExpertId, Recipe } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { parseConfig, type Source } from "./config.ts";
import type { Finding } from "./finding.ts";
import { membersOf } from "./import-members.ts";
import { commonValue, plainValue, rulesOf, settingsOf } from "./import-rules.ts";
import { mergekitMethod, mergekitMethods } from "./methods.ts";
import { placesOf } from "./places.ts";
import { isSlerp, type Member, type Path, type Reading } from "./reading.ts";
import { unusedFilters } from "./setting.ts";

/** What a configuration is read against. */
export interface ImportContext {
  readonly base: ContentId;
  /** All tensors of the base. */
  readonly tensors: Iterable<TensorSpec>;
  /** The expert that a model's name means, or undefined. "base" when it is the base. */
  expert(model: string): { readonly id: ExpertId; readonly step?: number } | "base" | undefined;
}

export interface Imported {
  /** Absent when an error stands in the way. */
  readonly recipe: Recipe | undefined;
  readonly findings: readonly Finding[];
}

type Params = Readonly<Record<string, number | boolean | string>>;

/** Translates a configuration. @throws AppError recipe/malformed when the text is no configuration at all */
export function importMergekit(text: string, context: ImportContext): Imported {
  const { config, findings: first, line } = parseConfig(text);
  const findings: Finding[] = [...first];
  const say = (severity: Finding["severity"], path: Path, message: string) => {
    const at = line(path);
    findings.push({ severity, path: path.join("."), message, ...(at !== undefined && { line: at }) });
  };
  const method = mergekitMethod(config.merge_method);
  if (!method) {
    const known = mergekitMethods.map(({ id }) => id).join(", ");
    say("error", ["merge_method"], `${config.merge_method} has no counterpart here; known are ${known}.`);
    return { recipe: undefined, findings };
  }
  const reading: Reading = { config, method, places: placesOf(context.tensors), say };
  const isStopped = () => findings.some(({ severity }) => severity === "error");
  const members = membersOf(reading, context.expert);
  checkParameters(members, reading);
  if (isStopped()) return { recipe: undefined, findings };
  for (const sentence of method.differs) say("differs", ["merge_method"], sentence);
  const recipe = recipeOf(members, context.base, reading);
  return { recipe: isStopped() ? undefined : recipe, findings };
}

function recipeOf(members: readonly Member[], base: ContentId, reading: Reading): Recipe {
  const { method } = reading;
  return parseRecipe({
    version: 1,
    base,
    seed: 0,
    outDtype: outDtype(reading),
    method: { id: method.method, params: methodParams(reading) },
    sparsifiers: chainOf(members, reading),
    experts: members.map((member, k) => ({
      id: member.id,
      enabled: true,
      weight: plainValue("weight", member, reading) ?? (isSlerp(method) ? slerpWeight(reading, k) : 1),
      ...(member.step !== undefined && { step: member.step }),
    })),
    lambda: Number(globalValue("lambda", reading) ?? 1),
    rules: rulesOf(members, reading),
    locks: [],
  });
}

/** Parameters that nobody reads here, filters that hit nothing. */
function checkParameters(members: readonly Member[], { config, method, places, say }: Reading): void {
  const known = new Set([...Object.keys(method.defaults), "weight", ...(isSlerp(method) ? ["t"] : [])]);
  const names = places.map(({ name }) => name);
  const check = (parameters: Source["parameters"], path: Path) => {
    for (const [key, setting] of Object.entries(parameters ?? {})) {
      const at = [...path, "parameters", key];
      if (!known.has(key)) say("ignored", at, `${method.id} has no parameter ${key}.`);
      for (const filter of unusedFilters(setting, names)) {
        say("ignored", at, `The filter “${filter}” is part of no tensor's name.`);
      }
    }
  };
  check(config.parameters, []);
  for (const { source, path } of members) check(source.parameters, path);
  if (config.parameters?.int8_mask) {
    say("ignored", ["parameters", "int8_mask"], "int8_mask saves memory only.");
  }
  for (const key of ["lambda", "normalize", "rescale"]) {
    if (!Array.isArray(config.parameters?.[key])) continue;
    const message = `${key} must be one value; gradients and filters of it cannot be said here.`;
    say("error", ["parameters", key], message);
  }
}

/** A parameter of the whole merge: as given, or mergekit's default. */
function globalValue(key: string, { config, method }: Reading): number | boolean | undefined {
  const value = config.parameters?.[key];
  return typeof value === "number" || typeof value === "boolean" ? value : method.defaults[key];
}

function methodParams(reading: Reading): Params {
  const { config, method } = reading;
  const isOn = (key: string) => Boolean(globalValue(key, reading));
  const { normalize } = method;
  return {
    ...method.params,
    ...(normalize && { [normalize.key]: isOn("normalize") ? normalize.on : normalize.off }),
    ...(method.id === "model_stock" && { rows: isOn("filter_wise") }),
    ...(method.id === "nuslerp" && {
      of: config.base_model ? "deltas" : "weights",
      rows: isOn("nuslerp_row_wise") && !isOn("nuslerp_flatten"),
    }),
  };
}

function chainOf(members: readonly Member[], reading: Reading): readonly unknown[] {
  const { method, say } = reading;
  const { sparsifier, defaults } = method;
  if (!sparsifier) return [];
  const params: Record<string, Params[string]> = { ...sparsifier.params };
  params.density = commonValue("density", members, reading) ?? Number(defaults.density);
  for (const key of ["gamma", "epsilon"]) {
    if (key in defaults) params[key] = commonValue(key, members, reading) ?? Number(defaults[key]);
  }
  const rescale = globalValue("rescale", reading);
  if (defaults.rescale === true && rescale === false) params.rescale = "none";
  if (defaults.rescale === false && rescale === true) {
    say("error", ["parameters", "rescale"], `${method.id} with rescale cannot be said here.`);
  }
  const isWhole =
    params.density === 1 && members.every((member) => settingsOf("density", member, reading).length === 0);
  return [{ id: sparsifier.id, enabled: !isWhole, params }];
}

/** SLERP's t as the two experts' weights. */
function slerpWeight({ config, say }: Reading, k: number): number {
  if (config.merge_method === "nuslerp") return 1;
  const t = config.parameters?.t;
  if (typeof t === "number") return k === 0 ? 1 - t : t;
  if (k === 0) {
    say(
      "error",
      ["parameters", "t"],
      "t must be one number; gradients and filters of it cannot be said here.",
    );
  }
  return 1;
}

function outDtype({ config, say }: Reading): Recipe["outDtype"] {
  const name = config.out_dtype ?? config.dtype;
  if (!name) return "base";
  const known: Readonly<Record<string, Recipe["outDtype"]>> = {
    float32: "f32",
    float16: "f16",
    bfloat16: "bf16",
  };
  const dtype = known[name];
  if (!dtype) {
    say("error", [config.out_dtype ? "out_dtype" : "dtype"], `${name} is no type that can be saved.`);
  }
  return dtype ?? "base";
}
