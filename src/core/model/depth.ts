/** The order in which a network applies its tensors, guessed from their names: files often sort them by alphabet. */
import type { Role } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { blockOf, roleOf } from "./roles.ts";

/** Where a tensor sits. */
export interface TensorPlace {
  readonly name: string;
  readonly role: Role;
  /** "blocks.2"; "" outside all blocks. */
  readonly block: string;
  /** Position in depth order, 0…tensors−1. */
  readonly index: number;
}

/** Every tensor's place, in depth order: embeddings and stem, blocks by number, final norms, heads. */
export function depthOrder(specs: Iterable<TensorSpec>): readonly TensorPlace[] {
  const places = [...specs].map((spec) => {
    const role = roleOf(spec);
    const block = blockOf(spec.name);
    return { name: spec.name, role, block, key: depthKey(spec.name, role, block) };
  });
  // Names that count as equal (T and t, 1 and 01) still have one order, whatever the file's.
  places.sort((a, b) => compareKeys(a.key, b.key) || (a.name < b.name ? -1 : 1));
  return places.map(({ name, role, block }, index) => ({ name, role, block, index }));
}

type Key = readonly (string | number)[];

/** A second tower or a decoder follows the first. */
const SECOND_TOWER = /(^|\.)(decoder|visual|vision_model|vision_tower|image_encoder)\./;
/** Outside blocks: what comes before them. All else outside blocks comes after. */
const BEFORE_BLOCKS = /embed|token|stem|conv|patch|pre|wte|wpe|shared|(^|\.)bn1\./;

function depthKey(name: string, role: Role, block: string): Key {
  const lower = name.toLowerCase();
  if (role === "head") return [9, ...natural(lower)];
  const tower = SECOND_TOWER.test(lower) ? 1 : 0;
  if (block === "") return [tower, BEFORE_BLOCKS.test(lower) ? 0 : 2, ...natural(lower)];
  const rest = lower.slice(block.length);
  return [tower, 1, ...natural(block.toLowerCase()), "", stepInBlock(rest, role), ...natural(rest)];
}

/** First norm, attention (projections in before projection out), second norm, MLP; convolutions with their norms by number. */
function stepInBlock(rest: string, role: Role): number {
  const layer = /(?:^|\.)(conv|bn)(\d)/.exec(rest);
  if (layer) return 2 * Number(layer[2]) + (layer[1] === "bn" ? 1 : 0);
  if (/(norm|ln)_?1\b|before|input_/.test(rest)) return 0;
  if (/(norm|ln)_?2\b|after|post_/.test(rest)) return 4;
  if (role !== "attention" && !/att(n|ention)/.test(rest)) return 5;
  if (/norm/.test(rest)) return 3;
  return /(^|[._])(c_proj|out_proj|proj|output|o)\./.test(rest) ? 2 : 1;
}

/** A name in parts that compare as people count: 2 before 10, and a weight before its bias. */
function natural(name: string): Key {
  return name
    .replace(/weight$/, " weight")
    .split(/(\d+)/)
    .map((part, i) => (i % 2 === 1 ? Number(part) : part));
}

function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === y) continue;
    if (typeof x === "number" && typeof y === "number") return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}
