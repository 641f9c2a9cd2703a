/**
 * mergekit YAML → our recipe: the exact subset, and line by line what does not fit.
 *
 * Parameters that are one number become the recipe's own values; gradients and filters become rules over the tensors
 * that they hit, so that every tensor gets the number that mergekit would give it.
 */
import { parseRecipe } from "../recipe/parse.ts";
import type { ContentId, ExpertId, Params, Recipe, Rule } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { checkParameters } from "./check-parameters.ts";
import { parseConfig } from "./config.ts";
import type { Finding } from "./finding.ts";
import { membersOf, sourcesOf } from "./import-members.ts";
import { rulesFor, tellRounding, usualOf, type Values, valuesOf } from "./import-values.ts";
import { mergekitMethod, mergekitMethods } from "./methods.ts";
import { placesOf } from "./places.ts";
import { type Member, type Path, type Reading, sharedValue } from "./reading.ts";

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
  const places = placesOf(context.tensors);
  const { sources, shared } = sourcesOf(config, places.layers, say);
  const reading: Reading = { config, method, ...places, shared, say };
  const isStopped = () => findings.some(({ severity }) => severity === "error");
  const members = membersOf(sources, reading, context.expert);
  checkParameters(members, reading);
  if (isStopped()) return { recipe: undefined, findings };
  for (const sentence of method.differs) say("differs", ["merge_method"], sentence);
  const draft = draftOf(members, context.base, reading);
  return { recipe: isStopped() ? undefined : parseRecipe(draft), findings };
}

function draftOf(members: readonly Member[], base: ContentId, reading: Reading) {
  const { method, shared } = reading;
  const weights = members.map((member, k) => weightsOf(member, k, reading));
  const lambdas = "lambda" in method.defaults ? valuesOf("lambda", shared, reading, 1) : [];
  const lambda = usualOf(lambdas, 1);
  const chain = chainOf(members, reading);
  return {
    version: 1,
    base,
    seed: 0,
    outDtype: outDtype(reading),
    method: { id: method.method, params: methodParams(reading) },
    sparsifiers: chain.uses,
    experts: members.map(({ id, step }, k) => ({
      id,
      enabled: true,
      weight: usualOf(weights[k] ?? [], 1),
      ...(step !== undefined && { step }),
    })),
    lambda,
    rules: [
      ...rulesFor("lambda", lambdas, lambda, undefined, reading),
      ...members.flatMap((member, k) => {
        const own = weights[k] ?? [];
        return rulesFor("weight", own, usualOf(own, 1), member, reading);
      }),
      ...chain.rules,
    ],
    locks: [],
  };
}

/** An expert's weight at every tensor. */
function weightsOf(member: Member, k: number, reading: Reading): Values {
  const { method, places, shared } = reading;
  switch (method.weights) {
    case "own":
      return valuesOf("weight", [member, ...shared], reading, 1);
    case "t":
      return valuesOf("t", shared, reading, 0.5).map((t) => shareAt(t, k));
    case "none":
      return places.map(() => 1);
    default:
      return method.weights satisfies never;
  }
}

/** The weight of the first or second expert at t: only their ratio counts, and a recipe's weights end at 2. */
function shareAt(t: number, k: number): number {
  const scale = Math.max(1, Math.abs(t) / 2, Math.abs(1 - t) / 2);
  return (k === 0 ? 1 - t : t) / scale;
}

function methodParams(reading: Reading): Params {
  const { config, method } = reading;
  const isOn = (key: string) => Boolean(sharedValue(key, reading));
  const { normalize } = method;
  return {
    ...method.params,
    ...(normalize && { [normalize.key]: isOn("normalize") ? normalize.on : normalize.off }),
    ...(method.id === "model_stock" && { rows: isOn("filter_wise") }),
    ...(method.id === "nuslerp" && {
      of: config.base_model ? "deltas" : "weights",
      along: isOn("nuslerp_flatten") ? "tensor" : isOn("nuslerp_row_wise") ? "columns" : "rows",
    }),
  };
}

/** The chain with the numbers that most tensors have, and rules for the others. */
function chainOf(
  members: readonly Member[],
  reading: Reading,
): { readonly uses: readonly unknown[]; readonly rules: readonly Rule[] } {
  const { method, shared, say } = reading;
  const { sparsifier, defaults } = method;
  if (!sparsifier) return { uses: [], rules: [] };
  const params: Record<string, Params[string]> = { ...sparsifier.params };
  const rules: Rule[] = [];
  for (const key of ["density", "gamma", "epsilon"].filter((name) => name in defaults)) {
    const values = members.map((member) => valuesOf(key, [member, ...shared], reading, 1));
    const usual = usualOf(values.flat(), Number(defaults[key]));
    const ours = key === "density" ? key : `${sparsifier.id}.${key}`;
    params[key] = usual;
    members.forEach((member, k) => {
      const own = values[k] ?? [];
      rules.push(...rulesFor(ours, own, usual, member, reading));
      if (key === "density" && sparsifier.id !== "dare") tellRounding(own, member, reading);
    });
  }
  const rescale = sharedValue("rescale", reading);
  if (defaults.rescale === true && rescale === false) params.rescale = "none";
  if (defaults.rescale === false && rescale === true) {
    say("error", ["parameters", "rescale"], `${method.id} with rescale cannot be said here.`);
  }
  const isWhole = params.density === 1 && !rules.some(({ set }) => "density" in set);
  return { uses: [{ id: sparsifier.id, enabled: !isWhole, params }], rules };
}

const dtypes: Readonly<Record<string, Recipe["outDtype"]>> = {
  float32: "f32",
  float16: "f16",
  bfloat16: "bf16",
};

function outDtype({ config, dtypes: stored, say }: Reading): Recipe["outDtype"] {
  const { dtype, out_dtype: out } = config;
  const name = out ?? dtype;
  if (!name) return "base";
  const known = dtypes[name];
  if (!known) say("error", [out ? "out_dtype" : "dtype"], `${name} is no type that can be saved.`);
  if (dtype && dtype !== "float32") {
    say(
      "differs",
      ["dtype"],
      `mergekit computes in ${dtype}; here it is float32, and only the result is rounded.`,
    );
  }
  const isBase = !out && stored.size === 1 && known !== undefined && known !== "base" && stored.has(known);
  return isBase ? "base" : (known ?? "base");
}
