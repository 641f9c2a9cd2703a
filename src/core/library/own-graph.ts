/** The graph of somebody's own model as an evaluation needs it: weights as f32 inputs, one input, one output. */
import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { AppError } from "../errors.ts";
import { clip } from "../formats/file-error.ts";
import { graphOf, revise, reviseGraph } from "../formats/onnx-message.ts";
import { renamed } from "../formats/onnx-rename.ts";
import { asInputs, declarationOf } from "../formats/onnx-skeleton.ts";

export interface OwnGraph {
  readonly model: ModelProto;
  readonly input: { readonly name: string; readonly shape: readonly (number | undefined)[] };
  /** Output (N × C), and C where the graph says it. */
  readonly logits: string;
  readonly classes: number | undefined;
  /** The number of examples that the graph takes at once; undefined = any. */
  readonly batch: number | undefined;
}

/**
 * Takes a graph apart for evaluation.
 *
 * @param weights names of all weights
 * @param privates those whose shapes differ between tasks: their dimensions become open
 * @param logits the output to read; needed where several outputs could be it
 * @throws AppError eval/graph that says why the graph cannot be evaluated here; `details.outputs` names those to choose from
 */
export function ownGraph(
  model: ModelProto,
  weights: readonly string[],
  privates: ReadonlySet<string>,
  logits: string | undefined,
): OwnGraph {
  const input = onlyInput(graphOf(model));
  const output = logitsOf(graphOf(model), logits);
  const [batch, ...shape] = declarationOf(input)?.shape ?? [];
  const [, classes] = declarationOf(output)?.shape ?? [];
  const program = asInputs(inFloat32(model, weights), weights);
  const graph = graphOf(program);
  const isOpen = privates.size > 0;
  return {
    model: reviseGraph(program, {
      input: graph.input.map((one) => (privates.has(one.name) ? opened(one, 0) : one)),
      output: graph.output.map((one) => (isOpen ? opened(one, 1) : one)),
      // Shapes in between were written down for the base's own head.
      valueInfo: isOpen ? [] : graph.valueInfo,
    }),
    input: { name: input.name, shape: shape.map((size) => (typeof size === "number" ? size : undefined)) },
    logits: output.name,
    classes: typeof classes === "number" && !isOpen ? classes : undefined,
    batch: typeof batch === "number" ? batch : undefined,
  };
}

function onlyInput({ input }: GraphProto): ValueInfoProto {
  const [first, ...more] = input;
  if (!first || more.length > 0) {
    const names = input.map(({ name }) => clip(name)).join(", ");
    throw cannot(`has ${input.length} inputs (${names}); networks of one input are evaluated here`);
  }
  const declared = declarationOf(first);
  if (declared?.dtype !== "f32" || declared.shape.length < 2) {
    throw cannot(
      `takes ${clip(first.name)} as ${declared?.dtype ?? "something else"}; float32 with the examples first is evaluated here`,
    );
  }
  return first;
}

/** The chosen output, or the only one that is N × C. */
function logitsOf({ output }: GraphProto, chosen: string | undefined): ValueInfoProto {
  const floats = output.filter((one) => declarationOf(one)?.dtype !== "i64");
  const flat = floats.filter((one) => declarationOf(one)?.shape.length === 2);
  const candidates = flat.length > 0 ? flat : floats;
  const found =
    chosen === undefined
      ? candidates.length === 1
        ? candidates[0]
        : undefined
      : output.find(({ name }) => name === chosen);
  if (found) return found;
  const outputs = candidates.map(({ name }) => name);
  throw new AppError(
    "eval/graph",
    `The graph has ${outputs.length} outputs that could be the class scores: ${outputs.map((name) => clip(name)).join(", ")}. Choose one.`,
    { outputs },
  );
}

function cannot(what: string): AppError {
  return new AppError(
    "eval/graph",
    `This network ${what}. Everything that needs no examples works; to evaluate, export it with one float input.`,
  );
}

/** Weights stored otherwise come in as f32 and are cast where they are used. */
function inFloat32(model: ModelProto, weights: readonly string[]): ModelProto {
  const graph = graphOf(model);
  const names = new Set(weights);
  const others = new Map(
    graph.initializer
      .filter(({ name, dataType }) => names.has(name) && dataType !== TensorProto_DataType.FLOAT)
      .map((tensor) => [tensor.name, tensor.dataType]),
  );
  if (others.size === 0) return model;
  const stored = (name: string) => (others.has(name) ? `${name}/stored` : name);
  const casts = [...others].map(([name, dataType]) => cast(name, stored(name), dataType));
  return reviseGraph(model, {
    node: [...casts, ...graph.node.map((node) => renamed(node, stored))],
    // Only the declaration counts: the values are replaced by those of the merge.
    initializer: graph.initializer.map((tensor) =>
      others.has(tensor.name)
        ? revise(TensorProtoSchema, tensor, { dataType: TensorProto_DataType.FLOAT })
        : tensor,
    ),
  });
}

function cast(input: string, output: string, to: number): NodeProto {
  const attribute = create(AttributeProtoSchema, {
    name: "to",
    type: AttributeProto_AttributeType.INT,
    i: BigInt(to),
  });
  return create(NodeProtoSchema, {
    opType: "Cast",
    name: `${output}/cast`,
    input: [input],
    output: [output],
    attribute: [attribute],
  });
}

/** The value with its dimensions named, from a position on: any size goes. */
function opened(value: ValueInfoProto, from: number): ValueInfoProto {
  const type = value.type?.value;
  if (!value.type || type?.case !== "tensorType" || !type.value.shape) return value;
  const dim = type.value.shape.dim.map((one, i) =>
    i < from
      ? one
      : revise(TensorShapeProto_DimensionSchema, one, {
          value: { case: "dimParam", value: `${value.name}_${i}` },
        }),
  );
  const shape = revise(TensorShapeProtoSchema, type.value.shape, { dim });
  const tensor = revise(TypeProto_TensorSchema, type.value, { shape });
  return revise(ValueInfoProtoSchema, value, {
    type: revise(TypeProtoSchema, value.type, { value: { case: "tensorType", value: tensor } }),
  });
}
