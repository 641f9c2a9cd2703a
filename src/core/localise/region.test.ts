import { expect, it } from "vitest";
import { regionShares } from "./region.ts";

const spec = (name: string, ...shape: number[]) => ({ name, shape, dtype: "f32" as const });
const tensors = [
  spec("blocks.0.attn.qkv.weight", 2, 2),
  spec("blocks.0.mlp.fc1.weight", 2, 1),
  spec("head.weight", 2, 1),
];
const mask = new Map([
  ["blocks.0.attn.qkv.weight", Uint8Array.of(1, 0, 1, 0)],
  ["blocks.0.mlp.fc1.weight", Uint8Array.of(1, 1)],
]);

it("counts chosen weights by tensor, role or block, of the tensors that the mask speaks of", () => {
  expect(regionShares(mask, tensors, "tensor").map(({ chosen, total }) => [chosen, total])).toEqual([
    [2, 4],
    [2, 2],
  ]);
  expect(regionShares(mask, tensors, "role")).toEqual([
    { key: "attention", chosen: 2, total: 4 },
    { key: "mlp", chosen: 2, total: 2 },
  ]);
  expect(regionShares(mask, tensors, "block")).toEqual([{ key: "blocks.0", chosen: 4, total: 6 }]);
});
