/**
 * LoRA: W = W0 + s · B · A with a small rank r, for matrices and for convolutions folded into (out × in·kh·kw).
 *
 * s = α / r, or α / √r (rsLoRA). A starts Kaiming-uniform (bound 1 / √in, as in PEFT), B at zero, so that training
 * starts from W0. Source: arXiv:2106.09685 §4.1; rsLoRA: arXiv:2312.03732.
 */
import { roleOf } from "../model/roles.ts";
import { coin, coinKey, coinRange } from "../random.ts";
import { compileGlob } from "../recipe/glob.ts";
import type { Role } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { WeightValues } from "./gradients.ts";
import { type Parametrisation, type Start, tensorOf } from "./parametrisation.ts";
import { matrixFrom, product, transpose } from "./product.ts";

export interface LoraOptions extends Start {
  readonly rank: number;
  readonly alpha: number;
  /** s = α / √r instead of α / r. */
  readonly rankStabilised?: boolean;
  readonly seed: number;
  /** Globs of the weights to adapt, of rank 2 or 4; absent or empty = those of layers (no embeddings, norms, heads). */
  readonly targets?: readonly string[];
  /** Matrices that the graph stores as (in × out), as MatMul takes them; see `transposedWeights`. */
  readonly transposed?: ReadonlySet<string>;
}

/** The two factors of one weight, row-major; views of the parameters. */
export interface Adapter {
  readonly name: string;
  /** A: (rank × in). */
  readonly a: Float32Array;
  /** B: (out × rank). */
  readonly b: Float32Array;
  readonly in: number;
  readonly out: number;
}

export interface LoraParametrisation extends Parametrisation {
  readonly rank: number;
  /** s. */
  readonly scale: number;
  /** The factors at these parameters, in the order of the network's weights. */
  adapters(params: Float32Array): readonly Adapter[];
}

/** A weight as a matrix: entry (o, i) lies at o · outStride + i · inStride. */
interface Target {
  readonly name: string;
  readonly out: number;
  readonly in: number;
  readonly outStride: number;
  readonly inStride: number;
  /** Where A and B begin in the flat vector. */
  readonly a: number;
  readonly b: number;
}

const layerRoles: readonly Role[] = ["attention", "mlp", "conv", "other"];

/** Returns the factors of the targets as parameters. */
export function lora(options: LoraOptions): LoraParametrisation {
  const { specs, base, rank, alpha, seed } = options;
  const scale = alpha / (options.rankStabilised ? Math.sqrt(rank) : rank);
  const targets = targetsOf(options);
  const last = targets.at(-1);
  const size = last ? last.b + last.out * rank : 0;
  const weights = new Map(specs.map(({ name }) => [name, tensorOf(base, name)]));
  for (const { name } of targets) weights.set(name, new Float32Array(tensorOf(base, name).length));
  const view = (params: Float32Array, target: Target): Adapter => ({
    name: target.name,
    in: target.in,
    out: target.out,
    a: params.subarray(target.a, target.a + rank * target.in),
    b: params.subarray(target.b, target.b + target.out * rank),
  });
  const current = new Float32Array(size);
  return {
    size,
    rank,
    scale,
    wrt: targets.map(({ name }) => name),
    initial() {
      const params = new Float32Array(size);
      for (const target of targets) fillKaiming(view(params, target).a, target, seed);
      return params;
    },
    weights(params): WeightValues {
      if (current.length !== params.length) throw new Error("parameters of another size");
      current.set(params);
      for (const target of targets) {
        fillWeight(
          tensorOf(weights, target.name),
          tensorOf(base, target.name),
          target,
          view(params, target),
          scale,
        );
      }
      return weights;
    },
    pull(gradients, out) {
      for (const target of targets) {
        pullFactors(
          view(out, target),
          tensorOf(gradients, target.name),
          target,
          view(current, target),
          scale,
        );
      }
    },
    adapters: (params) => targets.map((target) => view(params, target)),
  };
}

function targetsOf({ specs, rank, targets = [], transposed = new Set() }: LoraOptions): readonly Target[] {
  const globs = targets.map(compileGlob);
  const chosen = specs.filter(
    (spec) =>
      (spec.shape.length === 2 || spec.shape.length === 4) &&
      (globs.length > 0 ? globs.some((fits) => fits(spec.name)) : layerRoles.includes(roleOf(spec))),
  );
  let end = 0;
  return chosen.map((spec) => {
    const matrix = matrixOf(spec, transposed.has(spec.name));
    const a = end;
    const b = a + rank * matrix.in;
    end = b + matrix.out * rank;
    return { ...matrix, a, b };
  });
}

function matrixOf({ name, shape }: TensorSpec, isTransposed: boolean) {
  const [rows, ...rest] = shape;
  const columns = rest.reduce((product, size) => product * size, 1);
  return isTransposed
    ? { name, out: columns, in: rows, outStride: 1, inStride: columns }
    : { name, out: rows, in: columns, outStride: columns, inStride: 1 };
}

function fillKaiming(a: Float32Array, target: Target, seed: number): void {
  const key = coinKey(seed, "lora", target.name);
  const bound = 1 / Math.sqrt(target.in);
  for (let i = 0; i < a.length; i++) a[i] = bound * ((2 * coin(key, i) + 1) / coinRange - 1);
}

/** out = W0 + s · B · A. */
function fillWeight(
  out: Float32Array,
  base: Float32Array,
  target: Target,
  { a, b }: Adapter,
  scale: number,
): void {
  const rank = b.length / target.out;
  const { values } = product(matrixFrom(b, target.out, rank), matrixFrom(a, rank, target.in));
  for (let o = 0, from = 0; o < target.out; o++) {
    let at = o * target.outStride;
    for (let i = 0; i < target.in; i++, at += target.inStride) out[at] = base[at] + scale * values[from++];
  }
}

/** dA = s · Bᵀ · dW and dB = s · dW · Aᵀ, the latter transposed. */
function pullFactors(
  out: Adapter,
  gradient: Float32Array,
  target: Target,
  { a, b }: Adapter,
  scale: number,
): void {
  const rank = b.length / target.out;
  const slope = matrixFrom(gradient, target.out, target.in, target.outStride, target.inStride);
  const ofA = product(matrixFrom(b, rank, target.out, 1, rank), slope).values;
  for (let i = 0; i < ofA.length; i++) out.a[i] = scale * ofA[i];
  const ofB = transpose(product(matrixFrom(a, rank, target.in), transpose(slope))).values;
  for (let i = 0; i < ofB.length; i++) out.b[i] = scale * ofB[i];
}
