import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import * as edit from "../recipe/edit.ts";
import * as tensors from "../recipe/edit-tensors.ts";
import { twin } from "../tensor/twin.ts";
import { countingKernels } from "../testing/counting-kernels.ts";
import { floats, library, mergeInto, ties } from "../testing/small-merge.ts";
import { createMerger } from "./run.ts";

describe("an edit redoes no more than it must:", () => {
  const counting = countingKernels(twin);
  const merger = createMerger(library, counting.kernels);
  const heavy = ["delta", "select", "selectPool", "trim", "drop", "weightedSum", "ties"];
  const worked = () => heavy.filter((name) => counting.calls.has(name));

  test("nothing at all when nothing changed", async () => {
    await mergeInto(merger, ties);
    counting.reset();
    const { emitted, summary } = await mergeInto(merger, structuredClone(ties));
    expect(emitted).toEqual([]);
    expect(summary).toMatchObject({ changed: 0, total: 4 });
    expect(counting.calls.size).toBe(0);
  });

  test("one axpy per tensor for λ", async () => {
    await mergeInto(merger, ties);
    counting.reset();
    const { emitted } = await mergeInto(merger, edit.setLambda(ties, 0.7));
    expect(emitted).toEqual(floats);
    expect(worked()).toEqual([]);
    expect(counting.calls.get("axpy")).toBe(4);
  });

  test("one tensor for one tensor's density, for one expert", async () => {
    const alone = edit.setSparsifierParam(ties, 0, "scope", "tensor");
    await mergeInto(merger, alone);
    counting.reset();
    const edited = tensors.setTensorDensity(alone, ["embed.weight"], ["b"], 0.5);
    const { emitted, summary } = await mergeInto(merger, edited);
    expect(emitted).toEqual(["embed.weight"]);
    expect(summary.changed).toBe(1);
    expect(counting.calls.get("trim")).toBe(1);
    expect(counting.calls.get("ties")).toBe(1);
    expect(counting.calls.has("delta")).toBe(false);
  });

  test("no count of digits for another density", async () => {
    const alone = edit.setSparsifierParam(ties, 0, "scope", "tensor");
    await mergeInto(merger, edit.setSparsifierParam(alone, 0, "density", 0.35));
    counting.reset();
    const { emitted } = await mergeInto(merger, edit.setSparsifierParam(alone, 0, "density", 0.45));
    expect(emitted).toEqual(floats);
    expect(counting.calls.has("select")).toBe(true);
    expect(counting.calls.has("digits")).toBe(false);
  });

  test("the matched tensors for a rule by glob", async () => {
    await mergeInto(merger, ties);
    const rule = { match: { glob: "blocks.**" }, set: { lambda: 0.2 } };
    const { emitted } = await mergeInto(merger, edit.addRule(ties, rule));
    expect(emitted).toEqual(["blocks.0.attn.weight", "blocks.0.mlp.weight"]);
  });

  test("one expert for its step", async () => {
    const bare = { ...ties, sparsifiers: [] };
    await mergeInto(merger, bare);
    counting.reset();
    await mergeInto(merger, edit.setExpertStep(bare, "a", 10));
    expect(counting.calls.get("delta")).toBe(4);
  });

  test("no loop but the last for undo", async () => {
    await mergeInto(merger, ties);
    await mergeInto(merger, edit.setSparsifierParam(ties, 0, "density", 0.4));
    counting.reset();
    const { emitted } = await mergeInto(merger, ties);
    expect(emitted).toEqual(floats);
    expect(worked()).toEqual([]);
  });

  test("images do not know of each other, and share what was computed", async () => {
    await mergeInto(merger, ties);
    counting.reset();
    const emitted: string[] = [];
    await merger.merge(ties, "side", (name) => emitted.push(name), quietContext);
    expect(emitted).toEqual(floats);
    expect(worked()).toEqual([]);
  });

  test("everything after a reset", async () => {
    merger.reset();
    expect(merger.bytes).toBe(0);
    const { emitted } = await mergeInto(merger, ties);
    expect(emitted).toEqual(floats);
    expect(merger.bytes).toBeGreaterThan(0);
  });
});
