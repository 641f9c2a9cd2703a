/**
 * A graph without its weights, in the two forms that the runtime swaps fast, and a graph with new weights.
 *
 * All of them take either a model with weights inside or one whose weights are already plain graph inputs, in the
 * normal form that `parseOnnx` gives, and leave the model they are given as it is.
 */
import { create } from "@bufbuild/protobuf";
import {
  type ModelProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { AppError } from "../errors.ts";
import { type DType, decode, dtypeOfOnnx, encode } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { clip, showShape } from "./file-error.ts";
import { graphOf, revise, reviseGraph } from "./onnx-message.ts";
import { externalTensor, inlineTensor, type Weight } from "./onnx-tensor.ts";
import type { SafetensorsLayout } from "./safetensors-write.ts";

/**
 * The graph with these weights as plain inputs, fed at every run.
 *
 * @throws AppError eval/graph when the graph has no such weight
 */
export function asInputs(model: ModelProto, weights: Iterable<string>): ModelProto {
  const names = new Set(weights);
  declarations(model, names);
  const graph = graphOf(model);
  const moved = graph.initializer.filter(({ name }) => names.has(name));
  return reviseGraph(model, {
    initializer: graph.initializer.filter(({ name }) => !names.has(name)),
    input: [...graph.input, ...moved.map(inputLike)],
  });
}

/**
 * The graph with all weights of the layout as external data: slices of one buffer, which is a safetensors file.
 * Constants of the program stay inline.
 *
 * @param location the name under which the runtime is given the buffer
 * @throws AppError eval/graph when the graph has no such weight, or declares another shape or dtype
 */
export function asExternal(model: ModelProto, layout: SafetensorsLayout, location: string): ModelProto {
  const declared = declarations(model, layout.slots.keys());
  const tensors = [...layout.slots.values()].map(({ spec, begin, end }) => {
    requireLike(spec, declared.get(spec.name)!);
    if (spec.dtype !== declared.get(spec.name)!.dtype)
      throw mismatch(
        spec.name,
        `is ${declared.get(spec.name)!.dtype} in the graph and ${spec.dtype} in the buffer`,
      );
    return externalTensor(spec, location, begin, end);
  });
  return withInitializers(model, tensors);
}

/**
 * The graph with these weights inside; each is stored in the dtype that the graph declares, whatever its own.
 * The weights' bytes are shared, not copied.
 *
 * @param metadata added to the model's metadata_props; replaces entries of the same key
 * @throws AppError eval/graph when the graph has no such weight, or declares another shape
 */
export function withWeights(
  model: ModelProto,
  weights: Iterable<Weight>,
  metadata: ReadonlyMap<string, string> = new Map(),
): ModelProto {
  const given = [...weights];
  const declared = declarations(
    model,
    given.map(({ spec }) => spec.name),
  );
  const stored = new Map(graphOf(model).initializer.map((tensor) => [tensor.name, tensor]));
  const tensors = given.map((weight) => {
    const declaration = declared.get(weight.spec.name)!;
    requireLike(weight.spec, declaration);
    const fresh = inlineTensor(converted(weight, declaration.dtype));
    const old = stored.get(weight.spec.name);
    return old
      ? revise(TensorProtoSchema, fresh, { docString: old.docString, metadataProps: old.metadataProps })
      : fresh;
  });
  const kept = model.metadataProps.filter(({ key }) => !metadata.has(key));
  const added = [...metadata].map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
  return revise(ModelProtoSchema, withInitializers(model, tensors), { metadataProps: [...kept, ...added] });
}

/** Puts the tensors in place of the initializers and inputs of their names; new ones follow the old. */
function withInitializers(model: ModelProto, tensors: readonly TensorProto[]): ModelProto {
  const graph = graphOf(model);
  const fresh = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const replaced = graph.initializer.map((tensor) => fresh.get(tensor.name) ?? tensor);
  const known = new Set(graph.initializer.map(({ name }) => name));
  return reviseGraph(model, {
    initializer: [...replaced, ...tensors.filter(({ name }) => !known.has(name))],
    input: graph.input.filter(({ name }) => !fresh.has(name)),
  });
}

/** What a graph says of a weight; a dimension without a number is a name or unknown. */
interface Declaration {
  readonly dtype: DType;
  readonly shape: readonly (number | string | undefined)[];
}

/** The declarations of the named weights. @throws AppError eval/graph when one is neither initializer nor tensor input */
function declarations(model: ModelProto, names: Iterable<string>): ReadonlyMap<string, Declaration> {
  const graph = graphOf(model);
  const all = new Map<string, Declaration | undefined>(
    graph.input.map((input) => [input.name, declarationOf(input)]),
  );
  for (const { name, dataType, dims } of graph.initializer) {
    const dtype = dtypeOfOnnx(dataType);
    all.set(name, dtype && { dtype, shape: dims.map(Number) });
  }
  const found = new Map<string, Declaration>();
  for (const name of names) {
    const declaration = all.get(name);
    if (!declaration) throw mismatch(name, "is not in the graph");
    found.set(name, declaration);
  }
  return found;
}

/** What a graph input declares; undefined where it is no tensor of a known dtype and rank. */
export function declarationOf(input: ValueInfoProto): Declaration | undefined {
  const type = input.type?.value;
  if (type?.case !== "tensorType" || !type.value.shape) return undefined;
  const dtype = dtypeOfOnnx(type.value.elemType);
  if (!dtype) return undefined;
  const shape = type.value.shape.dim.map(({ value }) =>
    value.case === "dimValue" ? Number(value.value) : value.value || undefined,
  );
  return { dtype, shape };
}

/** @throws AppError eval/graph when the rank or a declared dimension differs */
export function requireLike(spec: TensorSpec, { shape }: Declaration): void {
  const fits =
    spec.shape.length === shape.length &&
    shape.every((size, i) => typeof size !== "number" || size === spec.shape[i]);
  if (!fits) {
    const declared = `[${shape.map((size) => size ?? "?").join(", ")}]`;
    throw mismatch(spec.name, `is ${declared} in the graph and ${showShape(spec.shape)} in the weights`);
  }
}

function mismatch(name: string, what: string): AppError {
  return new AppError(
    "eval/graph",
    `The weight “${clip(name)}” ${what}. The graph and the weights must come from the same network.`,
    { tensor: clip(name) },
  );
}

function converted(weight: Weight, dtype: DType): Weight {
  const { spec, bytes } = weight;
  if (spec.dtype === dtype) return weight;
  const values = decode(bytes, spec.dtype);
  const as = (raw: Uint8Array<ArrayBuffer>): Weight => ({ spec: { ...spec, dtype }, bytes: raw });
  if (dtype === "f64") return as(new Uint8Array(Float64Array.from(values).buffer));
  if (dtype === "f32" || dtype === "f16" || dtype === "bf16") return as(encode(values, dtype).bytes);
  throw mismatch(spec.name, `is ${dtype} in the graph, which merged weights cannot be written in`);
}

/** The declaration of an initializer as a graph input. */
function inputLike({ name, dataType, dims }: TensorProto): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: "tensorType",
        value: {
          elemType: dataType,
          shape: { dim: dims.map((value) => ({ value: { case: "dimValue" as const, value } })) },
        },
      },
    },
  });
}
