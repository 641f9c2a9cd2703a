import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bytesSource } from "../formats/format.ts";
import type { NumberArray } from "./array.ts";
import { readIdx } from "./idx.ts";
import { readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { readExampleFiles } from "./read-examples.ts";

const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const concat = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** A .npy file as NumPy writes it. */
function npy(descr: string, shape: string, values: ArrayBufferView, { fortran = "False", major = 1 } = {}) {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }\n`;
  const length = new Uint8Array(major === 1 ? 2 : 4);
  new DataView(length.buffer).setUint16(0, header.length, true);
  const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return concat(latin("\x93NUMPY"), Uint8Array.of(major, 0), length, latin(header), body);
}

const inflate = async (bytes: Uint8Array, format: "deflate-raw" | "gzip", limit: number) =>
  new Uint8Array((format === "gzip" ? gunzipSync : inflateRawSync)(bytes, { maxOutputLength: limit }));
const decode = async () => ({
  rgba: Uint8Array.of(255, 0, 0, 255),
  rect: { x: 0, y: 0, width: 1, height: 1 },
});
const read = (files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>) =>
  readExampleFiles(
    Object.entries(files).map(([path, bytes]) => ({ path, source: bytesSource(bytes) })),
    { inflate, decode },
  );
const refused = (message: string) =>
  expect.objectContaining({ code: "data/malformed", message: expect.stringContaining(message) });

/** A zip archive of one member; `size` is what its directory says. */
function zip(name: string, content: Uint8Array, { deflated = false, size = content.length, flags = 0 } = {}) {
  const data = deflated ? new Uint8Array(deflateRawSync(content)) : content;
  const fields = (...values: readonly (readonly [bytes: 2 | 4, value: number])[]) =>
    concat(...values.map(([bytes, value]) => new Uint8Array(Uint32Array.of(value).buffer).slice(0, bytes)));
  const common = [
    [2, flags],
    [2, deflated ? 8 : 0],
    [4, 0],
    [4, 0],
    [4, data.length],
    [4, size],
    [2, name.length],
    [2, 0],
  ] as const;
  const local = concat(fields([4, 0x04034b50], [2, 20], ...common), latin(name), data);
  const central = concat(
    fields([4, 0x02014b50], [2, 20], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, 0]),
    latin(name),
  );
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, central.length],
    [4, local.length],
    [2, 0],
  );
  return concat(local, central, end);
}

describe("NumPy arrays", () => {
  test.each([
    ["<f4", Float32Array.of(1.5, -2), [1.5, -2]],
    [">f4", Uint8Array.of(0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0), [1.5, -2]],
    ["<f8", Float64Array.of(1.5, 1e-300), [1.5, 0]],
    ["<f2", Uint16Array.of(0x3e00, 0xc000), [1.5, -2]],
    ["<i8", BigInt64Array.of(7n, -9n), [7, -9]],
    [">i2", Uint8Array.of(0, 7, 0xff, 0xff), [7, -1]],
    ["|b1", Uint8Array.of(1, 0), [1, 0]],
    ["|u1", Uint8Array.of(1, 255), [1, 255]],
  ])("of dtype %s are read", (descr, values, expected) => {
    const { shape, values: got } = readNpy(npy(descr, "2,", values), "a.npy") as NumberArray;
    expect(shape).toEqual([2]);
    expect([...got]).toEqual(expected);
    expect(got instanceof Uint8Array).toBe(descr === "|u1");
  });

  test("of version 2, column by column, and of texts are read", () => {
    const two = readNpy(
      npy("<f4", "2, 3", Float32Array.of(0, 3, 1, 4, 2, 5), { fortran: "True", major: 2 }),
      "a",
    );
    expect(two).toMatchObject({ shape: [2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5) });
    const texts = readNpy(npy("<U2", "2,", Uint32Array.of(0x732b, 0, 0x61, 0x62)), "a");
    expect(texts).toEqual({ shape: [2], texts: ["猫", "ab"] });
  });

  test.each([
    ["objects", npy("|O", "2,", new Uint8Array(16))],
    ["dtype “c8”", npy("<c8", "2,", new Uint8Array(16))],
    ["cut short", npy("<f4", "3,", Float32Array.of(1, 2))],
    ["values", npy("<f4", "4000000000,", new Uint8Array(4))],
    ["no float32", npy("<i8", "1,", BigInt64Array.of(2n ** 53n - 1n))],
    ["its beginning", new Uint8Array(20)],
    ["version 9", npy("<f4", "1,", Float32Array.of(1), { major: 9 })],
  ])("are refused when they are damaged or of another kind: %s", (message, bytes) => {
    expect(() => readNpy(bytes, "a.npy")).toThrow(refused(message));
  });

  test("are read out of archives, stored and deflated", async () => {
    const member = npy("<f4", "2,", Float32Array.of(1, 2));
    for (const deflated of [false, true]) {
      const arrays = await readNpz(zip("x_train.npy", member, { deflated }), "d.npz", inflate);
      expect(arrays.get("x_train")).toMatchObject({ shape: [2], values: Float32Array.of(1, 2) });
    }
  });

  test.each([
    ["no zip", latin("PK\x03\x04 and then nothing more")],
    ["encrypted", zip("x.npy", new Uint8Array(4), { flags: 1 })],
    ["its directory says 9", zip("x.npy", new Uint8Array(4), { deflated: true, size: 9 })],
    ["damaged", zip("x.npy", new Uint8Array(4000), { deflated: true, size: 9 })],
    ["at most", zip("x.npy", new Uint8Array(4), { deflated: true, size: 0xfffffff0 })],
  ])("out of an archive are refused when %s", async (message, bytes) => {
    await expect(readNpz(bytes, "d.npz", inflate)).rejects.toThrow(refused(message));
  });
});

describe("IDX", () => {
  const images = concat(
    Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2),
    Uint8Array.of(9, 8, 7, 6),
  );
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 0);

  test("pictures and labels find each other by their names, packed or not", async () => {
    const [found, ...more] = await read({
      "t10k-images-idx3-ubyte.gz": new Uint8Array(gzipSync(images)),
      "t10k-labels-idx1-ubyte": labels,
    });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      part: "test",
      labels: ["5", "0"],
      inputs: { kind: "array", shape: [1, 2] },
    });
  });

  test("is refused when it is cut short, or when its labels are missing", async () => {
    expect(() => readIdx(images.slice(0, -1), "i")).toThrow(refused("has 3 bytes"));
    expect(() => readIdx(images.slice(0, 9), "i")).toThrow(refused("header"));
    await expect(read({ "train-images-idx3-ubyte": images })).rejects.toThrow(refused("no labels"));
  });
});

describe("pairs of arrays", () => {
  const x = npy("<f4", "2, 2", Float32Array.of(1, 2, 3, 4));
  const y = npy("<i8", "2,", BigInt64Array.of(1n, 0n));

  test("belong together by what their names say", async () => {
    expect(await read({ "x.npy": x, "y.npy": y })).toMatchObject([{ name: "", labels: ["1", "0"] }]);
    expect(await read({ "iris_x.npy": x, "iris_labels.npy": y })).toMatchObject([{ name: "iris" }]);
  });

  test("are refused by row or by name", async () => {
    const nan = npy("<f4", "2, 2", Float32Array.of(1, 2, Number.NaN, 4));
    await expect(read({ "x.npy": nan, "y.npy": y })).rejects.toThrow(refused("row 1"));
    const half = npy("<f4", "2,", Float32Array.of(1, 0.5));
    await expect(read({ "x.npy": x, "y.npy": half })).rejects.toThrow(refused("label 0.5 in row 1"));
    const three = npy("|u1", "3,", Uint8Array.of(0, 1, 1));
    await expect(read({ "x.npy": x, "y.npy": three })).rejects.toThrow(refused("3 labels"));
    await expect(read({ "a.npy": x })).rejects.toThrow(refused("inputs or labels"));
    const hot = npy("|u1", "2, 2", Uint8Array.of(0, 1, 1, 0));
    await expect(read({ "x.npy": x, "y.npy": hot })).rejects.toThrow(refused("one-hot"));
  });
});

test("pictures are classed by their folders, grey where the model wants it", async () => {
  const png = new Uint8Array(1);
  const [found] = await read({ "pets/train/cat/1.png": png, "pets/train/dog/1.png": png });
  expect(found).toMatchObject({ name: "pets", part: "train", labels: ["cat", "dog"] });
  if (found.inputs.kind !== "pictures") throw new Error("no pictures");
  expect([...(await found.inputs.load([1, 0], [1, 1, 1]))]).toEqual([76, 76]);
  expect([...(await found.inputs.load([0], [3, 1, 1]))]).toEqual([255, 0, 0]);
  await expect(read({ "1.png": png })).rejects.toThrow(refused("folder"));
});
