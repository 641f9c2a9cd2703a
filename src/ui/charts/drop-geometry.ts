/** The drop-rate profile: where the steps of each expert's line are. Depth order on x, drop rate 0…1 upwards on y. */
import type { SiteSummary, TensorCard, TensorSummary } from "#core/summary.ts";

export interface DropBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface ProfileTensor {
  readonly name: string;
  readonly block: string;
  /** "base" or an expert when the tensor is not merged. */
  readonly keep: string | undefined;
  /** By expert id. */
  readonly sites: ReadonlyMap<string, SiteSummary>;
}

/** Joins the base's tensors with what the last merge did to them, in depth order. */
export function profileOf(
  tensors: readonly TensorCard[],
  merged: readonly TensorSummary[],
): readonly ProfileTensor[] {
  const byName = new Map(merged.map((tensor) => [tensor.name, tensor]));
  return tensors
    .toSorted((a, b) => a.index - b.index)
    .map(({ name, block }) => {
      const done = byName.get(name);
      return {
        name,
        block,
        keep: done?.keep,
        sites: new Map(done?.sites.map((site) => [site.expert, site])),
      };
    });
}

/** Left edge of a tensor's column. */
export function columnX({ left, right }: DropBox, index: number, count: number): number {
  return left + (index / count) * (right - left);
}

export function rateY({ top, bottom }: DropBox, drop: number): number {
  return bottom - drop * (bottom - top);
}

/** Share of a tensor's task vector that is dropped; undefined where the tensor is not merged. */
export function dropOf(tensor: ProfileTensor, expert: string): number | undefined {
  const site = tensor.sites.get(expert);
  return site && tensor.keep === undefined ? 1 - site.density : undefined;
}

/** The step line of one expert; it breaks where a tensor is not merged. */
export function stepPath(box: DropBox, profile: readonly ProfileTensor[], expert: string): string {
  let path = "";
  let isOpen = false;
  for (const [i, tensor] of profile.entries()) {
    const drop = dropOf(tensor, expert);
    if (drop === undefined) {
      isOpen = false;
      continue;
    }
    const y = round(rateY(box, drop));
    path += isOpen ? `V${y}` : `M${round(columnX(box, i, profile.length))},${y}`;
    path += `H${round(columnX(box, i + 1, profile.length))}`;
    isOpen = true;
  }
  return path;
}

export interface BlockSpan {
  readonly name: string;
  /** First tensor, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Runs of tensors of one block, in depth order. */
export function blockSpans(profile: readonly ProfileTensor[]): readonly BlockSpan[] {
  const spans: BlockSpan[] = [];
  for (const [i, { block }] of profile.entries()) {
    const last = spans.at(-1);
    if (last && last.name === block) spans[spans.length - 1] = { ...last, to: i + 1 };
    else spans.push({ name: block, from: i, to: i + 1 });
  }
  return spans;
}

/** Tensor under a position; undefined outside the box. */
export function tensorAt({ left, right }: DropBox, x: number, count: number): number | undefined {
  const index = Math.floor(((x - left) / (right - left)) * count);
  return index >= 0 && index < count ? index : undefined;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
