import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import { bytesSource, type ModelFile } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import type { EvidenceAbout, EvidenceKind } from "../model/evidence.ts";
import { smallLibrary } from "../testing/small-library.ts";
import { countBits, countBoth, packBits, unpackBits } from "./bits.ts";
import { evidenceHeader, isEvidence, writeEvidence } from "./file.ts";
import { type EvidenceTensor, keepEvidence } from "./kept.ts";
import { EvidenceStore } from "./store.ts";

const { base } = smallLibrary(
  [
    { name: "w", shape: [2, 5], values: new Float32Array(10) },
    { name: "b", shape: [3], values: new Float32Array(3) },
  ],
  {},
);

function aboutOf(kind: EvidenceKind, options: EvidenceAbout["options"] = {}): EvidenceAbout {
  return {
    kind,
    expert: "digits",
    checkpoint: base.id,
    base: base.id,
    step: 20,
    task: "digits",
    examples: 64,
    options,
  };
}

const row = (name: string, shape: readonly number[], ...values: number[]): EvidenceTensor => ({
  name,
  shape,
  values: Float32Array.from(values),
});
const mask = [row("w", [2, 5], 1, 0, 0, 1, 1, 0, 0, 0, 1, 1), row("b", [3], 0, 0, 1)];

async function opened(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<ModelFile> {
  const parts: number[] = [];
  for await (const piece of pieces) parts.push(...piece);
  return safetensors.open(bytesSource(Uint8Array.from(parts)), "digits.safetensors");
}

describe("a mask at one bit a weight", () => {
  it("comes back as it was, and can be counted without unpacking", () => {
    const bits = fc.array(fc.constantFrom(0, 1), { maxLength: 40 });
    fc.assert(
      fc.property(bits, bits, (a, b) => {
        expect([...unpackBits(packBits(a), a.length)]).toEqual(a);
        expect(countBits(packBits(a))).toBe(a.filter((bit) => bit === 1).length);
        const n = Math.min(a.length, b.length);
        const both = a.slice(0, n).filter((bit, i) => bit && b[i]).length;
        expect(countBoth(packBits(a.slice(0, n)), packBits(b.slice(0, n)))).toBe(both);
      }),
    );
  });

  it("starts at a byte's highest bit, as numpy's packbits", () => {
    expect([...packBits([1, 0, 0, 0, 0, 0, 0, 0, 1, 1])]).toEqual([0x80, 0xc0]);
  });
});

describe("the store", () => {
  it("keeps evidence under its content: the same again changes nothing, other options do", () => {
    const store = new EvidenceStore();
    const first = store.add(aboutOf("mask"), mask);
    expect(store.add(aboutOf("mask"), mask.toReversed())).toEqual(first);
    expect(store.add(aboutOf("mask", { seed: 1 }), mask).id).not.toBe(first.id);
    expect(store.cards()).toHaveLength(2);
    expect(first).toMatchObject({ tensors: 2, bytes: 3, density: 6 / 13 });
    store.forget(first.id);
    expect(store.get(first.id)).toBeUndefined();
  });

  it("takes nothing that is no number: such a file could not be opened again", () => {
    const store = new EvidenceStore();
    const tensors = [row("b", [3], 1, Number.POSITIVE_INFINITY, 2)];
    expect(() => store.add(aboutOf("fisher"), tensors)).toThrow("b");
    expect(store.cards()).toEqual([]);
  });

  it.each([
    ["mask", mask],
    ["fisher", [row("w", [2, 5], 0, 1, 2, 3, 4, 5, 6, 7, 8, 1e-9), row("b", [3], 0, 0.1, 0)]],
    ["gram", [row("w", [2, 2], 1, -0.5, -0.5, 2)]],
  ] as const)("gives and takes %s as a file that keeps its id", async (kind, tensors) => {
    const about = {
      ...aboutOf(kind, { seed: 3, exact: true }),
      ...(kind === "gram" && { inputsFirst: ["w"] }),
    };
    const kept = keepEvidence(about, tensors);
    const file = await opened(writeEvidence(kept));
    expect(isEvidence(file)).toBe(true);
    expect(evidenceHeader(file)).toEqual({ id: kept.id, about });
    const store = new EvidenceStore();
    const { id } = await store.open(file, base);
    expect(id).toBe(kept.id);
    for (const { name, values } of tensors) expect(await store.get(id)?.load(name)).toEqual(values);
    expect(store.get(id)?.about).toEqual(about);
  });
});

describe("refuses", () => {
  const refusal = async (file: Promise<ModelFile>) => {
    try {
      await new EvidenceStore().open(await file, base);
    } catch (error) {
      if (isAppError(error)) return `${error.code}: ${error.message}`;
      throw error;
    }
    return "opened";
  };
  const written = (about: EvidenceAbout, tensors: readonly EvidenceTensor[]) =>
    opened(writeEvidence(keepEvidence(about, tensors)));
  const metadata = { format: "kintsugi-evidence", version: "1", about: JSON.stringify(aboutOf("mask")) };
  const raw = (bytes: readonly number[], more: Readonly<Record<string, string>>) =>
    opened(
      writeSafetensors(
        [{ name: "b", dtype: "u8", shape: [bytes.length] }],
        new Map(Object.entries({ ...metadata, shapes: '[["b",[3]]]', ...more })),
        () => Uint8Array.from(bytes),
      ),
    );

  it.each([
    [
      "another base",
      written({ ...aboutOf("mask"), base: `sha256:${"f".repeat(64)}` }, mask),
      "model/no-base",
    ],
    ["a weight that is not there", written(aboutOf("mask"), [row("x", [1], 1)]), "no such tensor"],
    ["another shape", written(aboutOf("mask"), [row("b", [2], 1, 1)]), "[2]; the base has [3]"],
    ["a gram of another size", written(aboutOf("gram"), [row("w", [1, 1], 1)]), "model/shape-mismatch"],
    ["negative squares", written(aboutOf("fisher"), [row("b", [3], 1, -1, 1)]), "impossible values"],
    ["NaN", written(aboutOf("gram"), [row("w", [1, 1], Number.NaN)]), "impossible values"],
    ["bits beyond the end", raw([0xff], {}), "impossible values"],
    ["bytes that do not fit the shape", raw([0, 0], {}), "not there in the shape"],
    ["no account of itself", raw([0], { about: "{}" }), "file/malformed"],
    ["an account that is no JSON", raw([0], { about: "{" }), "file/malformed"],
    ["shapes that are none", raw([0], { shapes: '[["b",[-3]]]' }), "shapes of the weights"],
    ["tensors that it does not list", raw([0], { shapes: "[]" }), "does not list"],
    ["another version", raw([0], { version: "2" }), "file/malformed"],
    ["another content than its name", raw([0], { id: `sha256:${"f".repeat(64)}` }), "what its name says"],
  ])("%s", async (_, file, message) => {
    expect(await refusal(file)).toContain(message);
  });
});
