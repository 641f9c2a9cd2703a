import { describe, expect, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

interface EinsumCase {
  readonly equation: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
}

const cases: readonly EinsumCase[] = [
  { equation: "ij,jk->ik", inputs: { a: [2, 3], b: [3, 4] } },
  { equation: "bhid,bhjd->bhij", inputs: { a: [2, 2, 3, 4], b: [2, 2, 5, 4] } },
  { equation: "bhij, bhjd -> bhid", inputs: { a: [2, 2, 3, 5], b: [2, 2, 5, 4] } },
  { equation: "bqhd,bkhd->bhqk", inputs: { a: [2, 3, 2, 4], b: [2, 5, 2, 4] } },
  { equation: "bnd,hdk->bhnk", inputs: { a: [2, 3, 4], b: [2, 4, 3] } },
  { equation: "bhnk,hkd->bnd", inputs: { a: [2, 2, 3, 4], b: [2, 4, 3] } },
  { equation: "ij,jk", inputs: { a: [2, 3], b: [3, 4] } },
  { equation: "ba,cb", inputs: { a: [2, 3], b: [4, 2] } },
  { equation: "...ij,...jk->...ik", inputs: { a: [2, 3, 4], b: [2, 4, 2] } },
  { equation: "b...d,...d->b...", inputs: { a: [2, 3, 4], b: [3, 4] } },
  { equation: "ijk,jl->il", inputs: { a: [2, 3, 4], b: [3, 2] } },
  { equation: "i,j->ij", inputs: { a: [3], b: [4] } },
  { equation: "ij,ij->", inputs: { a: [3, 2], b: [3, 2] } },
  { equation: "ijk->kj", inputs: { a: [2, 3, 4] } },
  { equation: "ij->ji", inputs: { a: [2, 3] } },
  { equation: "ij->", inputs: { a: [2, 3] } },
  { equation: "ij,jk,kl->il", inputs: { a: [2, 3], b: [3, 4], c: [4, 2] } },
];

const einsum = ({ equation, inputs }: EinsumCase) => ({
  nodes: [node("Einsum", Object.keys(inputs), ["y"], { equation })],
  inputs,
});

describe("Einsum", () => {
  test.for(cases)("$equation agrees with central differences", async (given) => {
    await checkGradient(einsum(given));
  });

  test.for([
    { equation: "ii->i", inputs: { a: [3, 3] } },
    { equation: "...ij,...jk->...ik", inputs: { a: [5, 2, 3, 4], b: [2, 4, 2] } },
    { equation: "ij->j", inputs: { a: [2, 3, 4] } },
  ])("$equation is refused for $inputs", async (given) => {
    await expect(checkGradient(einsum(given))).rejects.toMatchObject({ code: "autodiff/unsupported" });
  });

  test("a letter of two sizes is told", async () => {
    const given = { equation: "ij,jk->ik", inputs: { a: [2, 3], b: [4, 4] } };
    await expect(checkGradient(einsum(given))).rejects.toMatchObject({ code: "eval/graph" });
  });
});
