/** Runs one method or sparsifier on small tensors, as the engine would: prepare if needed, then tensor by tensor. */
import { quietContext } from "../context.ts";
import type { MergeMethod, PrepareInput } from "../methods/method.ts";
import type { EvidenceKind } from "../model/evidence.ts";
import type { LowRank } from "../model/library.ts";
import type { ControlSpec } from "../params.ts";
import type { Params } from "../recipe/schema.ts";
import type { Sparsified, Sparsifier, VectorView } from "../sparsifiers/sparsifier.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { twin } from "../tensor/twin.ts";

type Values = readonly number[] | Float32Array;

function specOf(name: string, values: Values, shape: readonly number[] = [values.length]): TensorSpec {
  return { name, dtype: "f32", shape };
}

/** What stands for evidence where a test brings none: a function of the values, so that it goes with them. */
function standIn(kind: EvidenceKind | undefined, values: Values): Float32Array | undefined {
  if (kind === undefined || kind === "gram") return undefined;
  return Float32Array.from(values, (value, i) => (kind === "mask" ? (i + 1) % 2 : value * value));
}

interface Beside {
  /** By tensor, one per row. */
  readonly evidence?: Readonly<Record<string, readonly (Values | undefined)[]>>;
  /** By tensor; missing ones are lists. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly inputsFirst?: boolean;
  /** By tensor, one per row. */
  readonly factors?: Readonly<Record<string, readonly (LowRank | undefined)[]>>;
}

/** Merges tensors given as K rows each; missing params take their defaults, missing weights 1. */
export async function runMethod(
  method: MergeMethod,
  tensors: Readonly<Record<string, readonly Values[]>>,
  given: Params = {},
  weights?: readonly number[],
  { evidence = {}, shapes = {}, inputsFirst = false, factors = {} }: Beside = {},
): Promise<Record<string, Float32Array[]>> {
  const params = method.params.strict().parse(given);
  const kind = method.needs?.(params);
  const inputs = Object.entries(tensors).map(([name, rows]): PrepareInput => {
    const n = rows[0].length;
    return {
      tensor: specOf(name, rows[0], shapes[name]),
      rows: rows.map((row) => Float32Array.from(row)),
      weights: weights ?? rows.map(() => 1),
      base: new Float32Array(n).fill(0.5),
      ...(factors[name] && { factors: factors[name] }),
      ...(kind && {
        inputsFirst,
        evidence: evidence[name]?.map(copy) ?? rows.map((row) => standIn(kind, row)),
      }),
    };
  });
  async function* all() {
    yield* inputs;
  }
  const state = method.prepare?.needed(params)
    ? await method.prepare.run(all(), params, twin, quietContext)
    : undefined;
  const merged = inputs.map((input) => {
    const out = (method.output === "per-task" ? input.rows : [0]).map(() => twin.alloc(input.base.length));
    method.merge({ ...input, out }, params, state, twin);
    return [input.tensor.name, out] as const;
  });
  return Object.fromEntries(merged);
}

function copy(values: Values | undefined): Float32Array | undefined {
  return values && Float32Array.from(values);
}

interface Place {
  readonly expert?: string;
  readonly seed?: number;
  /** Densities set by a rule, by tensor. */
  readonly density?: Readonly<Record<string, number>>;
  readonly locked?: readonly string[];
  /** What the needed evidence says, by tensor; undefined for nothing. */
  readonly evidence?: Readonly<Record<string, Values | undefined>>;
  /** By tensor; missing ones are lists. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

type SparseTensor = Sparsified & { readonly values: number[] };

/** Sparsifies the tensors of one expert; the given arrays are not changed. */
export async function runSparsifier(
  sparsifier: Sparsifier,
  tensors: Readonly<Record<string, Values>>,
  given: Params = {},
  { expert = "expert", seed = 1, density = {}, locked = [], evidence, shapes = {} }: Place = {},
): Promise<Record<string, SparseTensor>> {
  const params = sparsifier.params.strict().parse(given);
  const names = Object.keys(tensors);
  const kind = sparsifier.needs?.(params);
  const heard = (name: string) => (evidence ? copy(evidence[name]) : standIn(kind, tensors[name]));
  const pool = names.filter((name) => density[name] === undefined);
  const vector: VectorView = {
    expert,
    tensors: pool.map((name) => specOf(name, tensors[name], shapes[name])),
    locked: new Set(locked),
    delta: async (name) => Float32Array.from(tensors[name]),
    evidence: async (name) => heard(name),
  };
  const state = sparsifier.prepare?.needed(params)
    ? await sparsifier.prepare.run(vector, params, twin, quietContext)
    : undefined;
  const sparse = names.map((name): [string, SparseTensor] => {
    const delta = Float32Array.from(tensors[name]);
    const rule = density[name];
    const site = {
      tensor: specOf(name, delta, shapes[name]),
      expert,
      seed,
      evidence: heard(name),
      ...(rule === undefined ? {} : { density: rule }),
    };
    const done = sparsifier.apply(delta, site, params, state, twin);
    return [name, { ...done, values: [...delta] }];
  });
  return Object.fromEntries(sparse);
}

/** Every combination of a schema's switches and choices; numbers stay at their defaults. */
export function variantsOf(controls: readonly ControlSpec[]): Params[] {
  return controls.reduce<Params[]>(
    (variants, control) => {
      const values =
        control.kind === "choice"
          ? control.options.map(({ value }) => value)
          : control.kind === "switch"
            ? [true, false]
            : [control.initial];
      return variants.flatMap((variant) => values.map((value) => ({ ...variant, [control.key]: value })));
    },
    [{}],
  );
}
