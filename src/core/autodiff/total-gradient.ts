/** Adds the gradients that reach one value along several ways. */
import { zeros } from "./emit.ts";
import type { Tape } from "./tape.ts";

/** A gradient of [start, start + size) along an axis, zero elsewhere: a Pad as `placed` writes it. */
interface Part {
  readonly gradient: string;
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/** The sum; parts that lie side by side along one axis (query, key and value of one product) are joined instead. */
export function totalGradient(tape: Tape, gradients: readonly string[]): string {
  const parts = gradients.length > 1 ? gradients.map((gradient) => partOf(tape, gradient)) : [];
  const joined = parts.every((part) => part !== undefined) ? join(tape, gradients[0], parts) : undefined;
  if (joined !== undefined) return joined;
  return gradients.length === 1 ? gradients[0] : tape.op("Sum", gradients);
}

function partOf(tape: Tape, gradient: string): Part | undefined {
  const maker = tape.makerOf(gradient);
  if (maker?.op !== "Pad" || maker.inputs.length > 2 || maker.attributes.mode !== undefined) return undefined;
  const pads = tape.type(maker.inputs[1]).constant ?? [];
  const rank = pads.length / 2;
  const padded = pads.flatMap((pad, i) => (pad === 0 ? [] : [i % rank]));
  const axis = padded[0];
  if (padded.some((other) => other !== axis)) return undefined;
  const start = pads[axis];
  const size = tape.type(maker.inputs[0]).shape[axis];
  return start < 0 || pads[rank + axis] < 0
    ? undefined
    : { gradient: maker.inputs[0], axis, start, end: start + size };
}

function join(tape: Tape, whole: string, parts: readonly Part[]): string | undefined {
  if (parts.length < 2) return undefined;
  const [{ axis }] = parts;
  const sorted = parts.toSorted((a, b) => a.start - b.start);
  const apart = sorted.every((part, i) => i === 0 || sorted[i - 1].end <= part.start);
  if (!apart || parts.some((part) => part.axis !== axis)) return undefined;
  const { shape } = tape.type(whole);
  const pieces: string[] = [];
  let at = 0;
  for (const { gradient, start, end } of sorted) {
    if (start > at) pieces.push(zeros(tape, shape.with(axis, start - at)));
    pieces.push(gradient);
    at = end;
  }
  if (at < shape[axis]) pieces.push(zeros(tape, shape.with(axis, shape[axis] - at)));
  return tape.op("Concat", pieces, { axis });
}
