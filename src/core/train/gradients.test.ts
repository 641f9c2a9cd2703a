import { describe, expect, it } from "vitest";
import { webRunner } from "../../../cli/web-runner.ts";
import type { GraphRunner } from "../graph-runner.ts";
import { smallData, smallNet, smallWeights } from "../testing/small-training.ts";
import { type GradientBatch, type GradientsOptions, openGradients } from "./gradients.ts";

const data = smallData(11);
const all = Array.from({ length: 11 }, (_, i) => i);
const batch: GradientBatch = { x: data.rows(all, 0), rows: 11, labels: data.labels };
const weights = smallWeights();
const names = smallNet.weights.map(({ name }) => name);

async function evaluated(options: GradientsOptions, given: GradientBatch = batch) {
  const gradients = openGradients(webRunner, smallNet, options);
  const result = await gradients.evaluate(weights, given, "cross-entropy");
  await gradients.close();
  return result;
}

describe("gradients of a network", () => {
  it("are the same in one batch and in micro-batches with padding", async () => {
    const whole = await evaluated({ microBatch: 16 });
    const parts = await evaluated({ microBatch: 4 });
    expect(parts.loss).toBeCloseTo(whole.loss, 6);
    expect(parts.losses).toBeAllclose(whole.losses);
    expect(parts.logits).toBeAllclose(whole.logits);
    // Sums of three parts in f32.
    for (const name of names)
      expect(parts.gradients.get(name)!).toBeAllclose(whole.gradients.get(name)!, { atol: 1e-6 });
  });

  it("agree with central differences of the loss", async () => {
    const gradients = openGradients(webRunner, smallNet);
    const { gradients: analytic } = await gradients.evaluate(weights, batch, "cross-entropy");
    const lossAt = async (name: string, index: number, step: number) => {
      const moved = smallWeights();
      moved.get(name)![index] += step;
      return (await gradients.evaluate(moved, batch, "cross-entropy", [name])).loss;
    };
    for (const name of names) {
      const h = 1e-2;
      const numeric = ((await lossAt(name, 1, h)) - (await lossAt(name, 1, -h))) / (2 * h);
      // The differences' own error: h² and f32 rounding over h.
      expect([analytic.get(name)![1]]).toBeAllclose([numeric], { rtol: 1e-2, atol: 1e-4 });
    }
    await gradients.close();
  });

  it("weigh examples, and leave those of weight zero out", async () => {
    const first = { ...batch, x: batch.x.subarray(0, 5 * 4), rows: 5, weights: new Array(5).fill(0.2) };
    const masked = { ...batch, weights: all.map((row) => (row < 5 ? 0.2 : 0)) };
    const few = await evaluated({}, first);
    const many = await evaluated({}, masked);
    expect(many.loss).toBeCloseTo(few.loss, 6);
    for (const name of names)
      expect(many.gradients.get(name)!).toBeAllclose(few.gradients.get(name)!, { atol: 1e-6 });
  });

  it("of single examples add up to the gradient of their sum", async () => {
    const gradients = openGradients(webRunner, smallNet);
    const summed = { ...batch, weights: new Array(11).fill(1) };
    const { gradients: total } = await gradients.evaluate(weights, summed, "cross-entropy", ["a.weight"]);
    const sum = new Float64Array(24);
    const rows: number[] = [];
    const each = (row: number, own: ReadonlyMap<string, Float32Array>) => {
      rows.push(row);
      own.get("a.weight")!.forEach((value, i) => {
        sum[i] += value;
      });
    };
    await gradients.perExample(weights, batch, "cross-entropy", each, ["a.weight"]);
    expect(rows).toEqual(all);
    expect(sum).toBeAllclose(total.get("a.weight")!, { atol: 1e-5 });
    await gradients.close();
  });

  it("predict the logits that the gradient graph has", async () => {
    const gradients = openGradients(webRunner, smallNet, { microBatch: 4 });
    const { logits } = await gradients.evaluate(weights, batch, "cross-entropy");
    expect(await gradients.predict(weights, batch.x, 11)).toBeAllclose(logits);
    await gradients.close();
  });

  it("tell their micro-batch, smaller under a smaller budget, and refuse when not one example fits", () => {
    const roomy = openGradients(webRunner, smallNet, { microBatch: 32 }).microBatch(128, "cross-entropy");
    expect(roomy).toMatchObject({ rows: 32, runs: 4 });
    const heapBudget = roomy.bytesAtPeak - 1;
    const tight = openGradients(webRunner, smallNet, { heapBudget, microBatch: 32 });
    const cut = tight.microBatch(128, "cross-entropy");
    expect(cut.rows).toBe(16);
    expect(cut.bytesAtPeak).toBeLessThanOrEqual(heapBudget);
    const hopeless = openGradients(webRunner, smallNet, { heapBudget: 10 });
    expect(() => hopeless.microBatch(1, "cross-entropy")).toThrowError(
      expect.objectContaining({ code: "eval/memory" }),
    );
  });

  it("open one session per shape, and release all of them", async () => {
    let opened = 0;
    let released = 0;
    const counting: GraphRunner = {
      async open(source) {
        const graph = await webRunner.open(source);
        opened++;
        return {
          inputs: graph.inputs,
          outputs: graph.outputs,
          run: (feeds, outputs) => graph.run(feeds, outputs),
          release() {
            released++;
            return graph.release();
          },
        };
      },
    };
    const gradients = openGradients(counting, smallNet);
    await gradients.evaluate(weights, batch, "cross-entropy");
    await gradients.evaluate(weights, batch, "cross-entropy");
    await gradients.evaluate(weights, batch, "entropy");
    await gradients.predict(weights, batch.x, 11);
    expect(opened).toBe(3);
    await gradients.close();
    expect(released).toBe(3);
  });

  it("stop between micro-batches when cancelled", async () => {
    const gradients = openGradients(webRunner, smallNet, { microBatch: 4 });
    let breaths = 0;
    const context = {
      signal: {
        aborted: false,
        throwIfAborted() {
          if (breaths === 2) throw new Error("cancelled");
        },
      },
      async breathe() {
        breaths++;
      },
      progress() {},
    };
    const cancelled = gradients.evaluate(weights, batch, "cross-entropy", undefined, context);
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(breaths).toBe(2);
    await gradients.close();
  });
});
