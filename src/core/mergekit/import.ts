/**
 * mergekit YAML → our recipe: the exact subset, and line by line what does not fit.
 *
 * Parameters that are one number become the recipe's own values; gradients and filters become rules over the tensors
 * that they hit, so that every tensor gets the number that mergekit would give it.
 */
import { parseRecipe } from "../recipe/parse.ts";
import type { ContentId, ExpertId, Recipe, Rule } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { type MergekitConfig, type ParsedConfig, parseConfig, type Setting, type Source } from "./config.ts";
import type { Finding } from "./finding.ts";
import { type MergekitMethod, mergekitMethod, mergekitMethods } from "./methods.ts";
import { placesOf } from "./places.ts";
import { type Place, unusedFilters, valueAt } from "./setting.ts";

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
  const parsed = parseConfig(text);
  const reader = new Reader(parsed, context);
  const recipe = reader.recipe();
  return { recipe: reader.hasError ? undefined : recipe, findings: reader.findings };
}

interface Member {
  readonly id: ExpertId;
  readonly step?: number;
  readonly source: Source;
  readonly path: readonly (string | number)[];
}

class Reader {
  readonly findings: Finding[];
  readonly #parsed: ParsedConfig;
  readonly #context: ImportContext;
  readonly #places: readonly Place[];

  constructor(parsed: ParsedConfig, context: ImportContext) {
    this.#parsed = parsed;
    this.#context = context;
    this.#places = placesOf(context.tensors);
    this.findings = [...parsed.findings];
  }

  get hasError(): boolean {
    return this.findings.some(({ severity }) => severity === "error");
  }

  recipe(): Recipe | undefined {
    const { config } = this.#parsed;
    const method = mergekitMethod(config.merge_method);
    if (!method) {
      const known = mergekitMethods.map(({ id }) => id).join(", ");
      this.#say(
        "error",
        ["merge_method"],
        `${config.merge_method} has no counterpart here; known are ${known}.`,
      );
      return undefined;
    }
    const members = this.#members(config, method);
    this.#checkParameters(config, members, method);
    if (this.hasError) return undefined;
    for (const sentence of method.differs) this.#say("differs", ["merge_method"], sentence);
    return parseRecipe({
      version: 1,
      base: this.#context.base,
      seed: 0,
      outDtype: this.#dtype(config),
      method: { id: method.method, params: this.#methodParams(config, method) },
      sparsifiers: this.#chain(config, members, method),
      experts: members.map(({ id, step, source }, k) => ({
        id,
        enabled: true,
        weight:
          this.#plain("weight", source, config, method) ??
          (isSlerp(method) ? this.#slerpWeight(config, k) : 1),
        ...(step !== undefined && { step }),
      })),
      lambda: Number(this.#global(config, method, "lambda") ?? 1),
      rules: this.#rules(config, members, method),
      locks: [],
    });
  }

  #say(severity: Finding["severity"], path: readonly (string | number)[], message: string): void {
    const line = this.#parsed.line(path);
    this.findings.push({ severity, path: path.join("."), message, ...(line !== undefined && { line }) });
  }

  /** The experts in order. The base among the models counts for nothing where the method starts from it. */
  #members(config: MergekitConfig, method: MergekitMethod): readonly Member[] {
    const { sources, path } = this.#sources(config);
    if (config.base_model && !method.startsAtModel) {
      const base = this.#context.expert(config.base_model);
      if (base !== "base") {
        this.#say("error", ["base_model"], `${config.base_model} is not the base that is open.`);
      }
    } else if (method.needsBase) this.#say("error", ["base_model"], `${method.id} needs base_model.`);
    const members = sources.flatMap((source, i): Member[] => {
      const found = this.#context.expert(source.model);
      const at = [...path, i];
      if (found === undefined) {
        this.#say("error", [...at, "model"], `No expert of the library is called ${source.model}.`);
        return [];
      }
      if (found === "base") {
        if (!method.needsBase) {
          this.#say(
            "error",
            [...at, "model"],
            `${method.id} takes the base as an expert; here the base takes no part.`,
          );
        }
        return [];
      }
      return [{ ...found, source, path: at }];
    });
    if (!method.startsAtModel) return members;
    if (members.length !== 2) this.#say("error", path, `${method.id} takes exactly two models.`);
    return members.toSorted(
      (a, b) => Number(b.source.model === config.base_model) - Number(a.source.model === config.base_model),
    );
  }

  /** The models, given as such or as one slice that covers them whole. */
  #sources(config: MergekitConfig): {
    readonly sources: readonly Source[];
    readonly path: readonly (string | number)[];
  } {
    if (config.modules !== undefined) this.#say("error", ["modules"], "modules cannot be translated.");
    if (config.models) return { sources: config.models, path: ["models"] };
    const [slice, ...more] = config.slices ?? [];
    if (!slice) {
      this.#say("error", ["models"], "There are no models.");
      return { sources: [], path: ["models"] };
    }
    const ranges = new Set(slice.sources.map(({ layer_range }) => layer_range.join("–")));
    const layers = new Set(this.#places.map(({ t }) => t).filter((t) => t > 0 && t < 1)).size + 2;
    const isWhole = slice.sources.every(({ layer_range: [from, to] }) => from === 0 && to >= layers - 1);
    if (more.length > 0 || ranges.size > 1 || !isWhole) {
      this.#say("error", ["slices"], "Slices that change a model's depth cannot be merged here.");
    }
    return { sources: slice.sources, path: ["slices", 0, "sources"] };
  }

  /** Parameters that nobody reads here, filters that hit nothing. */
  #checkParameters(config: MergekitConfig, members: readonly Member[], method: MergekitMethod): void {
    const known = new Set([...Object.keys(method.defaults), "weight", ...(isSlerp(method) ? ["t"] : [])]);
    const names = this.#places.map(({ name }) => name);
    const check = (parameters: Source["parameters"], path: readonly (string | number)[]) => {
      for (const [key, setting] of Object.entries(parameters ?? {})) {
        const at = [...path, "parameters", key];
        if (!known.has(key)) this.#say("ignored", at, `${method.id} has no parameter ${key}.`);
        for (const filter of unusedFilters(setting, names)) {
          this.#say("ignored", at, `The filter “${filter}” is part of no tensor's name.`);
        }
      }
    };
    check(config.parameters, []);
    for (const { source, path } of members) check(source.parameters, path);
    if (config.parameters?.int8_mask)
      this.#say("ignored", ["parameters", "int8_mask"], "int8_mask saves memory only.");
    for (const key of ["lambda", "normalize", "rescale"]) {
      if (Array.isArray(config.parameters?.[key])) {
        this.#say(
          "error",
          ["parameters", key],
          `${key} must be one value; gradients and filters of it cannot be said here.`,
        );
      }
    }
  }

  #global(config: MergekitConfig, method: MergekitMethod, key: string): number | boolean | undefined {
    const value = config.parameters?.[key];
    return typeof value === "number" || typeof value === "boolean" ? value : method.defaults[key];
  }

  #methodParams(
    config: MergekitConfig,
    method: MergekitMethod,
  ): Readonly<Record<string, number | boolean | string>> {
    const { normalize } = method;
    const extra: Record<string, number | boolean | string> = {};
    if (normalize) {
      extra[normalize.key] = this.#global(config, method, "normalize") ? normalize.on : normalize.off;
    }
    if (method.id === "model_stock") extra.rows = Boolean(this.#global(config, method, "filter_wise"));
    if (method.id === "nuslerp") {
      extra.of = config.base_model ? "deltas" : "weights";
      extra.rows =
        Boolean(this.#global(config, method, "nuslerp_row_wise")) &&
        !this.#global(config, method, "nuslerp_flatten");
    }
    return { ...method.params, ...extra };
  }

  #chain(config: MergekitConfig, members: readonly Member[], method: MergekitMethod): readonly unknown[] {
    const { sparsifier } = method;
    if (!sparsifier) return [];
    const params: Record<string, number | boolean | string> = { ...sparsifier.params };
    params.density = this.#common("density", config, members, method) ?? Number(method.defaults.density);
    for (const key of ["gamma", "epsilon"]) {
      if (key in method.defaults)
        params[key] = this.#common(key, config, members, method) ?? Number(method.defaults[key]);
    }
    if (method.defaults.rescale === true && this.#global(config, method, "rescale") === false)
      params.rescale = "none";
    if (method.defaults.rescale === false && this.#global(config, method, "rescale") === true) {
      this.#say("error", ["parameters", "rescale"], `${method.id} with rescale cannot be said here.`);
    }
    const isWhole =
      params.density === 1 &&
      members.every((member) => this.#settings("density", member, config).length === 0);
    return [{ id: sparsifier.id, enabled: !isWhole, params }];
  }

  /** SLERP's t as the two experts' weights. */
  #slerpWeight(config: MergekitConfig, k: number): number {
    const t = config.parameters?.t;
    if (config.merge_method === "nuslerp") return 1;
    if (typeof t !== "number") {
      if (k === 0)
        this.#say(
          "error",
          ["parameters", "t"],
          "t must be one number; gradients and filters of it cannot be said here.",
        );
      return 1;
    }
    return k === 0 ? 1 - t : t;
  }

  /** The settings that may decide a parameter of an expert: its own, then the global one. */
  #settings(key: string, { source }: Pick<Member, "source">, config: MergekitConfig): readonly Setting[] {
    return [source.parameters?.[key], config.parameters?.[key]].filter((setting) => setting !== undefined);
  }

  /** A parameter of an expert where it is one number for all tensors. */
  #plain(key: string, source: Source, config: MergekitConfig, method: MergekitMethod): number | undefined {
    const [first] = this.#settings(key, { source }, config);
    if (first === undefined) return key in method.defaults ? Number(method.defaults[key]) : undefined;
    return typeof first === "number" ? first : undefined;
  }

  /** The number that most experts have for all tensors: the chain's own parameter; the others get rules. */
  #common(
    key: string,
    config: MergekitConfig,
    members: readonly Member[],
    method: MergekitMethod,
  ): number | undefined {
    const values = members.map(({ source }) => this.#plain(key, source, config, method));
    return values.find((value) => value !== undefined);
  }

  /** One rule per expert, parameter and value, over the tensors that have it. */
  #rules(config: MergekitConfig, members: readonly Member[], method: MergekitMethod): readonly Rule[] {
    const keys = [
      ["weight", "weight"],
      ...(method.sparsifier
        ? [
            ["density", "density"],
            ["gamma", `${method.sparsifier.id}.gamma`],
            ["epsilon", `${method.sparsifier.id}.epsilon`],
          ]
        : []),
    ].filter(([key]) => key === "weight" || key in method.defaults);
    return members.flatMap((member) =>
      keys.flatMap(([key, ours]) => this.#rulesOf(member, key, ours, config, members, method)),
    );
  }

  #rulesOf(
    member: Member,
    key: string,
    ours: string,
    config: MergekitConfig,
    members: readonly Member[],
    method: MergekitMethod,
  ): readonly Rule[] {
    const usual =
      key === "weight"
        ? (this.#plain(key, member.source, config, method) ?? 1)
        : this.#common(key, config, members, method);
    const settings = this.#settings(key, member, config);
    const names = new Map<number, string[]>();
    for (const place of this.#places) {
      const found = settings.map((setting) => valueAt(setting, place)).find((value) => value !== undefined);
      const value = found === undefined ? Number(method.defaults[key] ?? usual) : Number(found);
      if (value === usual) continue;
      names.set(value, [...(names.get(value) ?? []), place.name]);
    }
    return [...names].map(([value, hit]) => ({
      match: hit.length === this.#places.length ? {} : { names: hit },
      experts: [member.id],
      set: { [ours]: value },
    }));
  }

  #dtype(config: MergekitConfig): Recipe["outDtype"] {
    const name = config.out_dtype ?? config.dtype;
    if (!name) return "base";
    const known: Readonly<Record<string, Recipe["outDtype"]>> = {
      float32: "f32",
      float16: "f16",
      bfloat16: "bf16",
    };
    const dtype = known[name];
    if (!dtype)
      this.#say("error", [config.out_dtype ? "out_dtype" : "dtype"], `${name} is no type that can be saved.`);
    return dtype ?? "base";
  }
}

function isSlerp({ method }: MergekitMethod): boolean {
  return method === "slerp";
}
