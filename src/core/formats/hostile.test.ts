/** Thousands of broken files against both readers: only AppErrors come out, and nothing unchecked is read. */
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { TensorProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import { onnxModel, smallNetwork } from "../testing/onnx-graph.ts";
import type { ByteSource, ModelFile, ModelFormat } from "./format.ts";
import { openModelFile } from "./index.ts";
import { encodeOnnx, onnx } from "./onnx.ts";
import { safetensors } from "./safetensors.ts";
import { MAX_HEADER_BYTES } from "./safetensors-header.ts";
import { layoutSafetensors } from "./safetensors-write.ts";

/** A source that fails the test when asked for bytes outside the file. */
function guarded(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    size: bytes.byteLength,
    async read(begin, end) {
      if (!(begin >= 0 && begin <= end && end <= bytes.byteLength))
        throw new Error(`read [${begin}, ${end}) of ${bytes.byteLength} bytes`);
      return bytes.slice(begin, end);
    },
  };
}

/** Opens the file and loads every tensor; the outcome is a file, or the code of an AppError. */
async function outcome(format: Pick<ModelFormat, "open">, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  let file: ModelFile;
  try {
    file = await format.open(guarded(bytes), "fuzz");
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  for (const name of file.tensors.keys()) await file.load(name); // an opened file never fails later
  return "opened";
}

const small = () => {
  const layout = layoutSafetensors(
    [
      { name: "a.weight", dtype: "f32", shape: [2, 3] },
      { name: "a.bias", dtype: "f16", shape: [3] },
      { name: "é", dtype: "i64", shape: [] },
    ],
    new Map([["format", "pt"]]),
  );
  const file = new Uint8Array(layout.byteLength);
  file.set(layout.header);
  return file;
};
const samples: readonly [ModelFormat, Uint8Array<ArrayBuffer>][] = [
  [safetensors, small()],
  [onnx, encodeOnnx(smallNetwork())],
];

describe.each(samples)("$id", (format, valid) => {
  it("opens the sample whole and refuses it cut at any place but a whole one", async () => {
    expect(await outcome(format, valid)).toBe("opened");
    for (let length = 0; length < valid.length; length++) {
      const code = await outcome(format, valid.slice(0, length));
      expect(code, `cut to ${length}`).toMatch(/^file\//);
    }
  });

  it("survives flipped bits", async () => {
    const flips = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(7)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(flips, async (bits) => {
        const bytes = valid.slice();
        for (const [at, bit] of bits) bytes[at]! ^= 1 << bit;
        await outcome(format, bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it("survives bytes replaced, cut out and put in", async () => {
    const edit = fc.record({
      at: fc.nat(valid.length),
      remove: fc.nat(12),
      insert: fc.uint8Array({ maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, remove, insert }) => {
        await outcome(format, Uint8Array.of(...valid.slice(0, at), ...insert, ...valid.slice(at + remove)));
      }),
      { numRuns: 1500 },
    );
  });

  it("survives random bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await outcome(format, Uint8Array.from(bytes));
      }),
      { numRuns: 1500 },
    );
  });
});

describe("hostile headers of safetensors", () => {
  const hostileNumber = fc.oneof(
    fc.constantFrom(
      "0",
      "-1",
      "1e9",
      "4294967296",
      "9007199254740993",
      "18446744073709551615",
      "1".repeat(40),
    ),
    fc.nat(8).map(String),
  );
  const list = fc.array(hostileNumber, { maxLength: 4 }).map((items) => `[${items}]`);
  const entry = fc
    .record({
      name: fc.constantFrom("a", "b", "__proto__", "constructor", "__metadata__", "\\u0061"),
      dtype: fc.constantFrom('"F32"', '"U8"', '"F4"', "null", "7", '"I64"'),
      shape: fc.oneof(list, fc.constantFrom("null", "{}", '"2"')),
      offsets: fc.oneof(list, fc.constantFrom("[0,0]", "[0,4]", "null")),
    })
    .map((e) => `"${e.name}":{"dtype":${e.dtype},"shape":${e.shape},"data_offsets":${e.offsets}}`);

  it("are refused or true, and never make it read beyond the file", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 3 }), fc.nat(16), async (entries, body) => {
        const text = new TextEncoder().encode(`{${entries}}`);
        const bytes = new Uint8Array(8 + text.length + body);
        new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
        bytes.set(text, 8);
        await outcome(safetensors, bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it("are believed only after the length has been compared with the file and the limit", async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(2 ** 31), async (length, size) => {
        let largest = 0;
        const source: ByteSource = {
          size,
          async read(begin, end) {
            largest = Math.max(largest, end - begin);
            expect(end).toBeLessThanOrEqual(size);
            const bytes = new Uint8Array(end - begin > 8 ? 0 : end - begin); // too short: the reader must notice
            if (end - begin === 8) new DataView(bytes.buffer).setBigUint64(0, length, true);
            return bytes;
          },
        };
        await expect(safetensors.open(source, "a")).rejects.toSatisfy(isAppError);
        expect(largest).toBeLessThanOrEqual(Math.max(8, Math.min(Number(length), MAX_HEADER_BYTES)));
      }),
    );
  });
});

describe("hostile tensors of ONNX", () => {
  const dim = fc.oneof(
    fc.bigInt({ min: -2n, max: 5n }),
    fc.constantFrom(2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n),
  );
  const tensor = fc.record({
    name: fc.constantFrom("", "a", "b", "__proto__"),
    dataType: fc.integer({ min: -1, max: 30 }),
    dims: fc.array(dim, { maxLength: 4 }),
    rawData: fc.uint8Array({ maxLength: 16 }).map((bytes) => Uint8Array.from(bytes)),
    floatData: fc.array(fc.float(), { maxLength: 3 }),
    int32Data: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 3 }),
    int64Data: fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { maxLength: 3 }),
    uint64Data: fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 3 }),
    doubleData: fc.array(fc.double(), { maxLength: 3 }),
  });
  const keys = [
    "name",
    "dataType",
    "dims",
    "rawData",
    "floatData",
    "int32Data",
    "int64Data",
    "uint64Data",
    "doubleData",
  ];
  const some = fc.array(fc.tuple(tensor, fc.subarray(keys)), { maxLength: 3 });

  it("are refused or true", async () => {
    await fc.assert(
      fc.asyncProperty(some, async (tensors) => {
        const initializer = tensors.map(([all, keep]) =>
          create(
            TensorProtoSchema,
            Object.fromEntries(Object.entries(all).filter(([key]) => keep.includes(key))),
          ),
        );
        await outcome(onnx, encodeOnnx(onnxModel({ initializer })));
      }),
      { numRuns: 1500 },
    );
  });
});

describe("openModelFile", () => {
  it("gives a file or an AppError for anything under any name", async () => {
    const names = fc.constantFrom("a.safetensors", "a.onnx", "a.pt", "a", "");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), names, async (bytes, name) => {
        await outcome({ open: (source) => openModelFile(source, name) }, Uint8Array.from(bytes));
      }),
      { numRuns: 1500 },
    );
  });
});
