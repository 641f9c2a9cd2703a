import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import { dtypeInfo, dtypes, encode } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { bytesSource, type ModelFile } from "./format.ts";
import { safetensors } from "./safetensors.ts";
import { compareNames, layoutSafetensors, writeSafetensors } from "./safetensors-write.ts";

/** A file from its header text and body, with a length prefix that fits unless given. */
function file(header: string | Uint8Array, body: number | Uint8Array = 0, length?: bigint) {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const data = typeof body === "number" ? new Uint8Array(body) : body;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const open = (bytes: Uint8Array<ArrayBuffer>) => safetensors.open(bytesSource(bytes), "a.safetensors");

async function failure(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await open(bytes);
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "opened";
}

const one = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
const entry = (dtype: string, shape: string, offsets: string) =>
  `{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}}`;

describe("reading what the reference implementation reads", () => {
  it.each([
    ["a plain file", one, 4, ["a"]],
    ["leading white space", `  ${one}`, 4, ["a"]],
    ["trailing white space", `${one} \n\t `, 4, ["a"]],
    ["no tensor at all", "{}", 0, []],
    ["metadata only", '{"__metadata__":{"a":"b"}}', 0, []],
    ["null metadata", `{"__metadata__":null,${one.slice(1)}`, 4, ["a"]],
    ["a scalar", entry("F32", "[]", "[0,4]"), 4, ["a"]],
    ["an empty tensor", entry("F32", "[0,3]", "[0,0]"), 0, ["a"]],
    ["an unknown field", entry("F32", '[1],"more":{"x":[1.5e3,true]}', "[0,4]"), 4, ["a"]],
    ["an empty name", one.replace('"a"', '""'), 4, [""]],
    ["a name that objects would swallow", one.replace('"a"', '"__proto__"'), 4, ["__proto__"]],
    ["escapes in a name", one.replace('"a"', '"\\u0061\\"\\\\"'), 4, ['a"\\']],
  ])("%s", async (_, header, body, names) => {
    expect([...(await open(file(header, body))).tensors.keys()]).toEqual(names);
  });

  it("lists tensors in the order of their bytes", async () => {
    const header =
      '{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"c":{"dtype":"U8","shape":[0],"data_offsets":[4,4]},' +
      '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    expect([...(await open(file(header, 8))).tensors.keys()]).toEqual(["a", "c", "b"]);
  });

  it("gives metadata, bytes and values", async () => {
    const body = Uint8Array.of(0, 0x3c, 0, 0xc0);
    const opened = await open(
      file(`{"__metadata__":{"by":"x"},${entry("F16", "[2,1]", "[0,4]").slice(1)}`, body),
    );
    expect(opened.metadata).toEqual(new Map([["by", "x"]]));
    expect(opened.tensors.get("a")).toEqual({ name: "a", dtype: "f16", shape: [2, 1] });
    expect(await opened.bytes("a")).toEqual(body);
    expect(await opened.load("a")).toEqual(Float32Array.of(1, -2));
    await expect(opened.bytes("b")).rejects.toThrow("no tensor b");
  });
});

describe("refusing what is broken", () => {
  it.each([
    ["an empty file", new Uint8Array(0), "file/truncated"],
    ["half a prefix", new Uint8Array(7), "file/truncated"],
    ["a header beyond the file", file(one, 0, 400n), "file/truncated"],
    ["a header of 100 MB and one byte", file(one, 4, 100_000_001n), "file/too-large"],
    ["a header length of 2^64 − 1", file(one, 4, 2n ** 64n - 1n), "file/too-large"],
    ["a header length of 0", file("", 0), "file/malformed"],
    ["missing tensor bytes", file(one, 3), "file/truncated"],
    ["bytes left over", file(one, 5), "file/malformed"],
    ["a byte order mark", file(`\ufeff${one}`, 4), "file/malformed"],
    ["bad UTF-8", file(Uint8Array.of(0x7b, 0xff, 0x7d), 0), "file/malformed"],
    ["a list", file("[]"), "file/malformed"],
    ["trailing NULs", file(`${one}\0`, 4), "file/malformed"],
    ["a name twice", file(`{${one.slice(1, -1)},${one.slice(1)}`, 4), "file/malformed"],
    [
      "a name twice in two spellings",
      file(`{${one.slice(1, -1)},"\\u0061"${one.slice(4)}`, 4),
      "file/malformed",
    ],
    ["a field twice", file(entry("F32", '[1],"dtype":"F32"', "[0,4]"), 4), "file/malformed"],
    ["metadata that is no text", file('{"__metadata__":{"a":1}}'), "file/malformed"],
    ["metadata twice", file('{"__metadata__":{},"__metadata__":{}}'), "file/malformed"],
    ["half a surrogate pair", file(one.replace('"a"', '"\\ud800"'), 4), "file/malformed"],
    ["a fraction as dimension", file(entry("F32", "[1.0]", "[0,4]"), 4), "file/malformed"],
    ["an exponent as dimension", file(entry("F32", "[1e0]", "[0,4]"), 4), "file/malformed"],
    ["a negative dimension", file(entry("F32", "[-1]", "[0,4]"), 4), "file/malformed"],
    ["a negative zero", file(entry("F32", "[-0]", "[0,0]"), 0), "file/malformed"],
    ["a leading zero", file(entry("F32", "[01]", "[0,4]"), 4), "file/malformed"],
    ["a dimension as text", file(entry("F32", '["1"]', "[0,4]"), 4), "file/malformed"],
    ["shape and bytes that differ", file(entry("F32", "[2]", "[0,4]"), 4), "file/malformed"],
    ["offsets in reverse", file(entry("F32", "[1]", "[4,0]"), 4), "file/malformed"],
    ["three offsets", file(entry("F32", "[1]", "[0,4,4]"), 4), "file/malformed"],
    ["a hole before the first tensor", file(entry("F32", "[1]", "[4,8]"), 8), "file/malformed"],
    ["an overlap", file(`{${one.slice(1, -1)},"b"${one.slice(4)}`, 4), "file/malformed"],
    [
      "a shape whose product wraps to 0",
      file(entry("F32", "[4294967296,4294967296]", "[0,0]")),
      "file/malformed",
    ],
    [
      "u64's largest dimension times 2",
      file(entry("U8", "[18446744073709551615,2,0]", "[0,0]")),
      "file/malformed",
    ],
    [
      "offsets beyond any file",
      file(entry("U8", "[9007199254740991]", "[0,9007199254740991]")),
      "file/malformed",
    ],
    ["a dtype in lower case", file(entry("f32", "[1]", "[0,4]"), 4), "file/unsupported"],
    ["4-bit floats", file(entry("F4", "[2]", "[0,1]"), 1), "file/unsupported"],
    ["complex numbers", file(entry("C64", "[1]", "[0,8]"), 8), "file/unsupported"],
    ["no dtype", file('{"a":{"shape":[1],"data_offsets":[0,4]}}', 4), "file/malformed"],
    ["an entry that is no object", file('{"a":["F32",[1],[0,4]]}', 4), "file/malformed"],
    ["deep nesting", file("[".repeat(10_000)), "file/malformed"],
    [
      "a number of a million digits",
      file(entry("F32", `[${"9".repeat(1e6)}]`, "[0,4]"), 4),
      "file/malformed",
    ],
    ["an open string", file('{"a'), "file/malformed"],
  ])("%s", async (_, bytes, code) => {
    expect(await failure(bytes)).toContain(code);
  });

  it("says what the file promises, what it has, and what to do", async () => {
    expect(await failure(file(entry("F32", "[1024]", "[0,4096]"), 1024))).toBe(
      "file/truncated: “a.safetensors” is cut short: it promises 4,164 bytes and has 1,092. Download or copy it again.",
    );
  });

  it("notices a file that became shorter after it was opened", async () => {
    const bytes = file(one, 4);
    let size = bytes.length;
    const opened = await safetensors.open(
      { size, read: async (begin, end) => bytes.slice(begin, Math.min(end, size)) },
      "a",
    );
    size -= 2;
    await expect(opened.load("a")).rejects.toMatchObject({ code: "file/truncated" });
  });
});

/** Random specs with distinct names, and bytes for each. */
const models = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ unit: "binary", maxLength: 6 }).filter((name) => name !== "__metadata__"),
      dtype: fc.constantFrom(...dtypes),
      shape: fc.array(fc.nat(3), { maxLength: 3 }),
    }),
    { selector: (spec) => spec.name, maxLength: 8 },
  )
  .map((specs) => specs.map((spec, i) => ({ spec, bytes: fill(spec, i + 1) })));

function fill({ dtype, shape }: TensorSpec, seed: number) {
  return Uint8Array.from(
    { length: sizeOf(shape) * dtypeInfo[dtype].bytes },
    (_, i) => (i * 31 + seed) & 0xff,
  );
}

async function written(
  model: { spec: TensorSpec; bytes: Uint8Array<ArrayBuffer> }[],
  metadata = new Map<string, string>(),
) {
  const byName = new Map(model.map(({ spec, bytes }) => [spec.name, bytes]));
  const specs = model.map(({ spec }) => spec);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(specs, metadata, ({ name }) => byName.get(name)!))
    pieces.push(piece);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

describe("writing", () => {
  it("writes what reads back the same, with every tensor aligned", async () => {
    await fc.assert(
      fc.asyncProperty(models, fc.dictionary(fc.string(), fc.string()), async (model, dictionary) => {
        const metadata = new Map(Object.entries(dictionary));
        const bytes = await written(model, metadata);
        const opened: ModelFile = await open(bytes);
        expect(opened.metadata).toEqual(metadata);
        expect(opened.tensors.size).toBe(model.length);
        for (const { spec, bytes: expected } of model) {
          expect(opened.tensors.get(spec.name)).toEqual(spec);
          expect(await opened.bytes(spec.name)).toEqual(expected);
        }
        for (const { spec, begin } of layoutSafetensors(opened.tensors.values(), metadata).slots.values())
          expect(begin % dtypeInfo[spec.dtype].bytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("gives the same bytes for the same tensors in any order", async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        expect(await written([...model].reverse())).toEqual(await written(model));
      }),
      { numRuns: 50 },
    );
  });

  it("orders and pads as the reference implementation", async () => {
    // The header that safetensors 0.8 (Rust) writes for these tensors.
    const specs = (["bool", "f16", "u8", "i64", "f32", "bf16", "f64"] as const).map((dtype) => ({
      name: dtype,
      dtype,
      shape: [1],
    }));
    const more = ["z", "é", "B", "𝒳", "ﬀ"].map((name) => ({ name, dtype: "f32" as const, shape: [1] }));
    const layout = layoutSafetensors([...specs, ...more], new Map([["k", "v\n\u2028/é\x7f\x01"]]));
    const text = new TextDecoder().decode(layout.header.subarray(8));
    expect([...layout.slots.keys()].join(" ")).toBe("i64 f64 B f32 z é ﬀ 𝒳 bf16 f16 u8 bool");
    expect(
      text.startsWith(
        '{"__metadata__":{"k":"v\\n\u2028/é\x7f\\u0001"},"i64":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},',
      ),
    ).toBe(true);
    expect(layout.header.length % 8).toBe(0);
    expect(text).toMatch(/\}\} {0,7}$/);
  });

  it("writes the shortest file with an empty object and its padding", async () => {
    expect([...(await written([]))]).toEqual([8, 0, 0, 0, 0, 0, 0, 0, 123, 125, 32, 32, 32, 32, 32, 32]);
  });

  it("refuses bytes that do not fit the spec, and a name twice", async () => {
    const spec: TensorSpec = { name: "a", dtype: "f32", shape: [2] };
    const { bytes } = encode(Float32Array.of(1), "f32");
    await expect(written([{ spec, bytes }])).rejects.toThrow("a has 4 bytes");
    expect(() => layoutSafetensors([spec, spec])).toThrow("unique");
  });
});

describe("compareNames", () => {
  it("orders as UTF-8 bytes do", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
