/**
 * The rule of an operator: what shape comes out, what can be computed in advance, and how a gradient flows back.
 *
 * One file of `rules/` holds one family of operators, shape rule and vector-Jacobian product side by side. A product is
 * written as ONNX nodes, so that the runtime that runs the forward pass runs the backward pass too.
 */

/** Element types that occur in the graphs we differentiate; gradients are always f32. */
export type ElementType = "f32" | "f16" | "f64" | "i64" | "i32" | "u8" | "bool";

/** What is known of a value before the graph runs. All shapes are concrete: graphs are differentiated per batch size. */
export interface ValueType {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /**
   * The value itself, row-major, where it is small and follows from constants and shapes: axes, target shapes, scalars.
   * int64 beyond ±2⁵³ saturate (only the ends of slices are so large).
   */
  readonly constant?: readonly number[];
}

export type AttributeValue = number | string | readonly number[];
/**
 * Floats and ints as numbers. A tensor of one entry is a number too, its element type under `<name>.dtype`; larger ones
 * and graphs are refused (a Constant's tensor becomes a value).
 */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A node of the forward graph. */
export interface OpNode {
  readonly op: string;
  /** As the file has it; `op` and first output when it has none. For messages. */
  readonly name: string;
  /** "" for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/**
 * Writes nodes into the graph under construction. Types of new values are inferred by the same rules; values that are
 * known become constants, and equal operations on equal values are done once. What many rules write is in emit.ts.
 */
export interface Builder {
  /** The graph's operator set: 14 to 21. Some operators take as an input what they took as an attribute before. */
  readonly opset: number;
  type(value: string): ValueType;
  /** Adds a node and returns its first output. */
  op(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** Adds a node of several outputs and returns them. */
  ops(op: string, inputs: readonly string[], outputs: number, attributes?: Attributes): readonly string[];
  /** Constants: int64 (1-D) and f32. Equal ones are shared. */
  ints(values: readonly number[]): string;
  scalar(value: number): string;
  floats(values: readonly number[], shape: readonly number[]): string;
  /** The name of an output of a forward node that it may not have asked for yet (MaxPool's Indices, LayerNormalization's Mean). */
  output(node: OpNode, index: number): string;
}

export interface OpRule {
  /** Operator types of the default domain, or "com.microsoft:Gelu". */
  readonly ops: readonly string[];
  /** Types of all outputs that the node names. @throws AppError autodiff/unsupported for a form that we cannot handle */
  infer(node: OpNode, inputs: readonly (ValueType | undefined)[], opset: number): readonly ValueType[];
  /**
   * Returns the gradient of every input, undefined where it is not wanted or zero.
   *
   * @param gradients by output; undefined where nothing flows back through that output
   * @param wants by input: whether its gradient is used
   * Absent for operators without a derivative (Shape, Greater, ArgMax): nothing flows through them.
   */
  vjp?(
    node: OpNode,
    gradients: readonly (string | undefined)[],
    wants: readonly boolean[],
    builder: Builder,
  ): readonly (string | undefined)[];
}
