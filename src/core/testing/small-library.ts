import { EvidenceStore } from "../evidence/store.ts";
import { digestOf } from "../model/content-id.ts";
import type { Checkpoint, ModelLibrary } from "../model/library.ts";
import type { DType } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/tensor.ts";

/** A tensor of a library in memory; f32 unless told. */
export interface SmallTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype?: DType;
  readonly values: ArrayLike<number>;
}

/** Experts by id; each has checkpoints by step. */
export type SmallExperts = Readonly<Record<string, Readonly<Record<number, readonly SmallTensor[]>>>>;

/** A library in memory. Contents get ids from their place, so every checkpoint counts as different. */
export function smallLibrary(
  base: readonly SmallTensor[],
  experts: SmallExperts,
  evidence: Pick<EvidenceStore, "get"> = new EvidenceStore(),
): ModelLibrary {
  let contents = 0;
  const checkpoint = (tensors: readonly SmallTensor[]): Checkpoint => {
    const id = `sha256:${(contents++).toString(16).padStart(64, "0")}`;
    const values = new Map(tensors.map((tensor) => [tensor.name, Float32Array.from(tensor.values)]));
    return {
      id,
      digests: new Map([...values].map(([name, own]) => [name, digestOf(new Uint8Array(own.buffer))])),
      tensors: new Map(
        tensors.map(({ name, shape, dtype = "f32" }) => [name, { name, shape, dtype }] as const),
      ),
      async load(name) {
        const found = values.get(name);
        if (!found) throw new Error(`no tensor ${name}`);
        return found;
      },
    };
  };
  const opened = checkpoint(base);
  const models = Object.entries(experts).map(([id, checkpoints]) => {
    const bySteps = new Map(
      Object.entries(checkpoints).map(([step, tensors]) => [Number(step), checkpoint(tensors)] as const),
    );
    return [id, { id, task: `${id}-task`, bySteps }] as const;
  });
  const known = new Map(models);
  return {
    base: opened,
    evidence: (id) => evidence.get(id),
    // As if every matrix were a linear layer of a graph.
    linearLayers: async () =>
      new Map(base.filter(({ shape }) => shape.length === 2).map(({ name }) => [name, "outputs-first"])),
    expert(id) {
      const model = known.get(id);
      if (!model) return undefined;
      return {
        id,
        task: model.task,
        steps: [...model.bySteps.keys()].sort((a, b) => a - b),
        async checkpoint(step) {
          const found = model.bySteps.get(step);
          if (!found) throw new Error(`no step ${step}`);
          return found;
        },
      };
    },
  };
}

/** n values around zero from a seed, with a few exact ties, zeros and negative zeros among them. */
export function noise(n: number, seed: number, size = 1): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    const value = ((state >>> 8) / 2 ** 24 - 0.5) * size;
    if (state % 11 === 0) return state % 2 ? 0 : -0;
    return state % 7 === 0 ? Math.sign(value) * 0.25 * size : value;
  });
}

/** A tensor of noise. */
export function noisy(name: string, shape: readonly number[], seed: number, size = 1): SmallTensor {
  return { name, shape, values: noise(sizeOf(shape), seed, size) };
}

/** The tensors moved by noise of another seed: an expert of that base. */
export function moved(base: readonly SmallTensor[], seed: number, size = 0.1): readonly SmallTensor[] {
  return base.map((tensor, t) => {
    const shift = noise(tensor.values.length, seed * 100 + t, size);
    return { ...tensor, values: shift.map((value, i) => value + (tensor.values[i] ?? 0)) };
  });
}
