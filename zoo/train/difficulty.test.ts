import { expect, test } from "vitest";
import { addErrorNorms, learnedAt, NEVER, scoreRows } from "./difficulty.ts";

const LOGITS = Float32Array.of(2, 0, 0, 0, 0, 0, 0, 5, 0);

test("EL2N is the distance of the softmax from the label", () => {
  const sums = new Float64Array(3);
  addErrorNorms(sums, LOGITS, [0, 1, 2], 3);
  expect([...sums].map((sum) => sum.toFixed(6))).toEqual(["0.260888", "0.816497", "1.400134"]);
});

test("EL2N is the mean of the runs", async () => {
  const half = LOGITS.map((value) => value / 2);
  const score = (runs: Float32Array[]) => scoreRows(runs, [], [], [0, 1, 2], async (logits) => logits);
  const both = (await score([LOGITS, half])).el2n;
  const [one, other] = [(await score([LOGITS])).el2n, (await score([half])).el2n];
  expect([...both]).toBeAllclose(
    [...one].map((value, row) => (value + (other[row] ?? 0)) / 2),
    {
      rtol: 1e-6, // f32 of an f64 mean
    },
  );
});

test("an example is learned at the first step from which it stays right", () => {
  const predictions = [Uint8Array.of(1, 0, 1, 0), Uint8Array.of(0, 0, 1, 1), Uint8Array.of(1, 0, 1, 0)];
  expect([...learnedAt(predictions, [20, 40, 80], [1, 0, 1, 1])]).toEqual([80, 20, 20, NEVER]);
});
