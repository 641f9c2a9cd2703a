/** A LoRA adapter as the expert that it makes of its base; its factors stay within reach. */
import { AppError } from "../errors.ts";
import { clip, showShape } from "../formats/file-error.ts";
import type { ModelFile } from "../formats/format.ts";
import type { LoraFile, LoraSite } from "../formats/lora.ts";
import type { LowRank } from "../model/library.ts";
import { encode, isFloat } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import type { AdapterFile } from "./file-checkpoint.ts";

/** A factor pair and the weight that it changes. */
interface Target {
  readonly site: LoraSite;
  readonly spec: TensorSpec;
  /** The product is transposed to get the weight's layout. */
  readonly isTransposed: boolean;
}

/** Leading parts of module names that a base's names may lack ("model.", "model.model."). */
const MAX_DROPPED = 3;

/**
 * Opens an adapter over its base: W + scale · B · A, sums in f64, the result f32.
 *
 * @throws AppError model/missing-tensors when the base lacks a module, model/shape-mismatch when a product does not fit
 */
export function loraOverBase(lora: LoraFile, base: ModelFile): AdapterFile {
  const targets = targetsOf(lora, base);
  const whole = wholeOf(lora, base);
  const tensors = new Map(base.tensors);
  for (const [name, { spec }] of targets) tensors.set(name, { ...spec, dtype: "f32" });
  for (const [name, stored] of whole) tensors.set(name, { ...lora.file.tensors.get(stored)!, name });

  async function factors(name: string): Promise<LowRank | undefined> {
    const target = targets.get(name);
    if (!target) return undefined;
    const { rank, rows, columns, scale, A, B } = target.site;
    const [a, b] = await Promise.all([lora.file.load(A), lora.file.load(B)]);
    return { A: a, B: b, rank, rows, columns, scale, isTransposed: target.isTransposed };
  }

  async function load(name: string): Promise<Float32Array<ArrayBuffer>> {
    const stored = whole.get(name);
    if (stored !== undefined) return lora.file.load(stored);
    const values = await base.load(name);
    const update = await factors(name);
    if (update) applyLowRank(values, update);
    return values;
  }

  return {
    format: lora.file.format,
    name: lora.file.name,
    metadata: lora.file.metadata,
    tensors,
    touched: new Set([...targets.keys(), ...whole.keys()]),
    factors,
    load,
    async bytes(name) {
      const stored = whole.get(name);
      if (stored !== undefined) return lora.file.bytes(stored);
      return targets.has(name) ? encode(await load(name), "f32").bytes : base.bytes(name);
    },
  };
}

/** Adds scale · B · A, or its transpose, to the weight; each entry's sum in f64, rounded once. */
export function applyLowRank(
  weight: Float32Array,
  { A, B, rank, rows, columns, scale, isTransposed }: LowRank,
): void {
  const row = new Float64Array(columns);
  for (let o = 0; o < rows; o++) {
    row.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = B[o * rank + k];
      for (let i = 0; i < columns; i++) row[i] += factor * A[k * columns + i];
    }
    for (let i = 0; i < columns; i++) {
      const at = isTransposed ? i * rows + o : o * columns + i;
      weight[at] = weight[at] + scale * row[i];
    }
  }
}

function targetsOf(lora: LoraFile, base: ModelFile): ReadonlyMap<string, Target> {
  const found = lora.sites.map((site) => ({ site, spec: undefined }));
  for (let dropped = 0; dropped <= MAX_DROPPED; dropped++) {
    const specs = found.map(({ site }) => weightOf(base, site.module.split(".").slice(dropped).join(".")));
    if (specs.every((spec) => spec !== undefined)) {
      return oriented(
        lora,
        lora.sites.map((site, i) => ({ site, spec: specs[i]! })),
      );
    }
  }
  const missing = lora.sites.filter(({ module }) => !weightOf(base, module)).map(({ module }) => module);
  throw new AppError(
    "model/missing-tensors",
    `“${clip(lora.file.name)}” adapts modules that the base does not have: ${missing
      .slice(0, 3)
      .map((name) => clip(name))
      .join(
        ", ",
      )}${missing.length > 3 ? ` and ${missing.length - 3} more` : ""}. An adapter belongs to one base: open that base first.`,
    { file: clip(lora.file.name), count: missing.length, tensors: missing.slice(0, 3) },
  );
}

function weightOf({ tensors }: ModelFile, module: string): TensorSpec | undefined {
  const spec = tensors.get(`${module}.weight`) ?? tensors.get(module);
  return spec && isFloat(spec.dtype) ? spec : undefined;
}

/**
 * Which way round each product goes. fan_in_fan_out speaks for layers stored in × out; a layer whose shape fits one way
 * only is taken that way, as PEFT does. Exporters transpose linear layers too: where no shape fits the plain way and
 * the configuration says nothing, square ones follow the others.
 */
function oriented(
  lora: LoraFile,
  pairs: readonly { readonly site: LoraSite; readonly spec: TensorSpec }[],
): ReadonlyMap<string, Target> {
  const ways = pairs.map(({ site, spec }) => ({
    plain: spec.shape[0] === site.rows && sizeOf(spec.shape) === site.rows * site.columns,
    turned: spec.shape.length === 2 && spec.shape[0] === site.columns && spec.shape[1] === site.rows,
  }));
  const linear = ways.filter((_, i) => !pairs[i].site.isEmbedding);
  const oneWay = linear.filter(({ plain, turned }) => plain !== turned);
  const isTurned = lora.config.fanInFanOut || (oneWay.length > 0 && oneWay.every(({ turned }) => turned));
  return new Map(
    pairs.map(({ site, spec }, i) => {
      const { plain, turned } = ways[i];
      if (!plain && !turned) throw misfit(lora, site, spec);
      const isTransposed = plain && turned ? isTurned || site.isEmbedding : turned;
      return [spec.name, { site, spec, isTransposed }];
    }),
  );
}

function misfit(lora: LoraFile, { module, rows, columns }: LoraSite, spec: TensorSpec): AppError {
  return new AppError(
    "model/shape-mismatch",
    `“${clip(lora.file.name)}” changes ${clip(module)} by ${showShape([rows, columns])}, and the base has ${showShape(spec.shape)} there. An adapter belongs to one base: open that base first.`,
    { file: clip(lora.file.name), tensor: clip(module) },
  );
}

/** Tensors given whole, under the base's names. @throws AppError file/unsupported for one that nobody asked to be saved */
function wholeOf(lora: LoraFile, base: ModelFile): ReadonlyMap<string, string> {
  const whole = new Map<string, string>();
  for (const [name, stored] of lora.whole) {
    const parts = name.split(".");
    const suffixes = parts.slice(0, MAX_DROPPED + 1).map((_, dropped) => parts.slice(dropped).join("."));
    const known = suffixes.find((suffix) => base.tensors.has(suffix));
    const isSaved = lora.config.modulesToSave.some((module) => `.${name}`.includes(`.${module}.`));
    if (!isSaved && known === undefined) {
      throw new AppError(
        "file/unsupported",
        `“${clip(lora.file.name)}” holds “${clip(stored)}”, which is neither LoRA nor in the base. Save the adapter again.`,
        { file: clip(lora.file.name), tensor: clip(stored) },
      );
    }
    whole.set(known ?? name, stored);
  }
  return whole;
}
