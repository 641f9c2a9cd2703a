import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import { contentId } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { ContentHasher, contentIdOf } from "./content-id.ts";

type Entry = readonly [TensorSpec, Uint8Array<ArrayBuffer>];
const entries: readonly Entry[] = [
  [{ name: "b", dtype: "u8", shape: [3] }, Uint8Array.of(1, 2, 3)],
  [{ name: "a", dtype: "f16", shape: [1, 1] }, Uint8Array.of(0, 60)],
  [{ name: "é", dtype: "i8", shape: [] }, Uint8Array.of(9)],
];

function idOf(tensors: readonly Entry[]): string {
  const hasher = new ContentHasher();
  for (const [spec, bytes] of tensors) hasher.add(spec, bytes);
  return hasher.id();
}

const sha = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

async function fileOf(tensors: readonly Entry[], metadata = new Map<string, string>()) {
  const bytes = new Map(tensors.map(([spec, data]) => [spec.name, data]));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const specs = tensors.map(([spec]) => spec);
  for await (const piece of writeSafetensors(specs, metadata, ({ name }) => bytes.get(name)!))
    pieces.push(piece);
  return safetensors.open(bytesSource(new Uint8Array(await new Blob(pieces).arrayBuffer())), "f");
}

describe("the content id", () => {
  it("is SHA-256 over a line of JSON per tensor, by name", () => {
    const lines =
      `["a","f16",[1,1],"${sha(Uint8Array.of(0, 60))}"]\n` +
      `["b","u8",[3],"${sha(Uint8Array.of(1, 2, 3))}"]\n` +
      `["é","i8",[],"${sha(Uint8Array.of(9))}"]\n`;
    expect(idOf(entries)).toBe(`sha256:${sha(lines)}`);
    expect(contentId.safeParse(idOf([])).success).toBe(true);
  });

  it("does not depend on the order in which tensors come", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...entries], { minLength: 3 }), (shuffled) => {
        expect(idOf(shuffled)).toBe(idOf(entries));
      }),
    );
  });

  it("changes with any name, dtype, shape or byte", () => {
    const [spec, bytes] = entries[0]!;
    const changed: Entry[] = [
      [{ ...spec, name: "c" }, bytes],
      [{ ...spec, dtype: "i8" }, bytes],
      [{ ...spec, shape: [3, 1] }, bytes],
      [spec, Uint8Array.of(1, 2, 4)],
    ];
    const ids = [entries[0]!, ...changed].map((entry) => idOf([entry, ...entries.slice(1)]));
    expect(new Set(ids).size).toBe(5);
  });

  it("is the same for a file and for its tensors, whatever the file's metadata", async () => {
    expect(await contentIdOf(await fileOf(entries))).toBe(idOf(entries));
    expect(await contentIdOf(await fileOf(entries, new Map([["by", "x"]])))).toBe(idOf(entries));
  });

  it("counts a name once only", () => {
    expect(() => idOf([entries[0]!, entries[0]!])).toThrow("twice");
  });

  it("stops when asked to", async () => {
    const file = await fileOf(entries);
    const stopped = {
      ...quietContext,
      signal: {
        aborted: true,
        throwIfAborted() {
          throw new Error("aborted");
        },
      },
    };
    await expect(contentIdOf(file, stopped)).rejects.toThrow("aborted");
  });
});
