import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, dtypeInfo, dtypeOfOnnx, dtypeOfSafetensors, dtypes, encode, roundTo } from "./dtype.ts";

/** The value of a small float by its definition: sign, exponent and mantissa bits spelled out. */
function definedValue(pattern: number, exponentBits: number, mantissaBits: number, fn = false): number {
  const sign = pattern >> (exponentBits + mantissaBits) ? -1 : 1;
  const top = 2 ** exponentBits - 1;
  const exponent = (pattern >> mantissaBits) & top;
  const mantissa = pattern & (2 ** mantissaBits - 1);
  const bias = 2 ** (exponentBits - 1) - 1;
  if (fn && exponent === top && mantissa === 2 ** mantissaBits - 1) return Number.NaN;
  if (!fn && exponent === top) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  const fraction = mantissa / 2 ** mantissaBits;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

const allHalves = Uint16Array.from({ length: 65_536 }, (_, i) => i);
const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);
const bytesOf = (array: Uint16Array | Float32Array | Float64Array) => new Uint8Array(array.slice().buffer);

/** Indices at which two arrays differ as Object.is sees it. */
function differences(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).filter(
    (i) => !Object.is(a[i], b[i]),
  );
}

describe("decode", () => {
  it("gives every one of the 65,536 f16 patterns its value", () => {
    const expected = Array.from(allHalves, (half) => definedValue(half, 5, 10));
    expect(differences(decode(bytesOf(allHalves), "f16"), expected)).toEqual([]);
  });

  it("gives every one of the 65,536 bf16 patterns its value", () => {
    const expected = Array.from(allHalves, (half) => definedValue(half, 8, 7));
    expect(differences(decode(bytesOf(allHalves), "bf16"), expected)).toEqual([]);
  });

  it("gives every 8-bit float its value, e4m3 without infinities", () => {
    expect(
      differences(
        decode(allBytes, "f8_e5m2"),
        Array.from(allBytes, (byte) => definedValue(byte, 5, 2)),
      ),
    ).toEqual([]);
    expect(
      differences(
        decode(allBytes, "f8_e4m3"),
        Array.from(allBytes, (byte) => definedValue(byte, 4, 3, true)),
      ),
    ).toEqual([]);
  });

  it("reads integers at their ends, signed and unsigned", () => {
    const bytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    const first = (dtype: (typeof dtypes)[number]) => decode(bytes, dtype)[0];
    expect([first("i8"), first("i16"), first("i32"), first("i64")]).toEqual([-1, -1, -1, -1]);
    expect([first("u8"), first("u16")]).toEqual([255, 65_535]);
    expect([first("u32"), first("u64")]).toEqual([2 ** 32, 2 ** 64]); // nearest f32
    expect(decode(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80), "i64")[0]).toBe(-(2 ** 63));
    expect(decode(Uint8Array.of(0x39, 0x30, 0, 0, 0, 0, 0, 0), "i64")[0]).toBe(12_345);
  });

  it("reads any non-zero byte as true", () => {
    expect([...decode(Uint8Array.of(0, 1, 255), "bool")]).toEqual([0, 1, 1]);
  });

  it("rounds f64 to the nearest f32", () => {
    expect(decode(bytesOf(Float64Array.of(0.1, 1e300)), "f64")).toEqual(
      Float32Array.of(Math.fround(0.1), Number.POSITIVE_INFINITY),
    );
  });

  it("reads from any address and copies", () => {
    for (const dtype of dtypes) {
      const { bytes: size } = dtypeInfo[dtype];
      const shifted = new Uint8Array(3 + 2 * size);
      shifted.set(
        Uint8Array.from({ length: 2 * size }, (_, i) => i + 1),
        3,
      );
      const aligned = decode(shifted.slice(3), dtype);
      const odd = decode(shifted.subarray(3), dtype);
      expect(odd).toEqual(aligned);
      shifted.fill(0);
      expect(odd).toEqual(aligned);
    }
  });

  it("refuses a broken entry at the end", () => {
    expect(() => decode(new Uint8Array(7), "f32")).toThrow(RangeError);
  });
});

describe("encode", () => {
  it.each(["f16", "bf16"] as const)("inverts decode on every %s pattern that is no NaN", (dtype) => {
    const values = decode(bytesOf(allHalves), dtype);
    const { bytes, overflows } = encode(values, dtype);
    const back = new Uint16Array(bytes.buffer);
    const nan = (i: number) => Number.isNaN(values[i]);
    expect(differences(back, allHalves).filter((i) => !nan(i))).toEqual([]);
    expect(differences(decode(bytes, dtype), values)).toEqual([]); // NaNs stay NaNs
    expect(overflows).toBe(0);
  });

  it.each(["f16", "bf16"] as const)(
    "rounds halfway cases of %s to even, and the rest to the nearest",
    (dtype) => {
      // Between neighbours a < b: the middle goes to the even pattern, a step beside it to the nearer one.
      const finite = allHalves.filter((half) => half < (dtype === "f16" ? 0x7bff : 0x7f7f));
      const low = decode(bytesOf(finite), dtype);
      const high = decode(bytesOf(finite.map((half) => half + 1)), dtype);
      const middle = low.map((value, i) => (value + high[i]) / 2);
      const bits = new Uint32Array(middle.buffer);
      const below = new Float32Array(bits.map((word) => word - 1).buffer);
      const above = new Float32Array(bits.map((word) => word + 1).buffer);
      const encoded = (values: Float32Array) => new Uint16Array(encode(values, dtype).bytes.buffer);
      // The first middle of bf16 (2⁻¹³⁴) is an f32 subnormal with room below and above, as all others.
      expect(encoded(middle)).toEqual(finite.map((half) => half + (half & 1)));
      expect(encoded(below)).toEqual(finite);
      expect(encoded(above)).toEqual(finite.map((half) => half + 1));
    },
  );

  it("counts finite values that become infinite, and only those", () => {
    const values = Float32Array.of(
      65_504,
      65_519.99,
      65_520,
      -70_000,
      1e38,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    );
    const { bytes, overflows } = encode(values, "f16");
    expect(overflows).toBe(3);
    expect([...decode(bytes, "f16")]).toEqual([
      65_504,
      65_504,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    expect(encode(Float32Array.of(3.4e38, 3.39e38, Number.NEGATIVE_INFINITY), "bf16").overflows).toBe(1);
  });

  it("keeps f32 bit for bit in bytes of its own", () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 20 }), (values) => {
        const { bytes } = encode(values, "f32");
        expect(bytes).toEqual(bytesOf(values));
        expect(bytes.buffer).not.toBe(values.buffer);
      }),
    );
  });
});

describe("roundTo", () => {
  it("does what saving and loading would, in place", () => {
    fc.assert(
      fc.property(
        fc.float32Array({ maxLength: 50 }),
        fc.constantFrom("f32", "f16", "bf16"),
        (values, dtype) => {
          const { bytes, overflows } = encode(values, dtype);
          const rounded = values.slice();
          expect(roundTo(rounded, dtype)).toBe(overflows);
          expect(rounded).toEqual(decode(bytes, dtype));
        },
      ),
    );
  });

  it("works beyond the size of its scratch, inside a larger buffer", () => {
    const buffer = new Float32Array(200_001).fill(0.1);
    roundTo(buffer.subarray(1), "f16");
    expect(buffer[0]).toBe(Math.fround(0.1));
    expect(new Set(buffer.subarray(1))).toEqual(new Set([0.0999755859375]));
  });
});

describe("the table", () => {
  it("finds each dtype by both of its foreign names", () => {
    for (const dtype of dtypes) {
      expect(dtypeOfSafetensors(dtypeInfo[dtype].safetensors)).toBe(dtype);
      expect(dtypeOfOnnx(dtypeInfo[dtype].onnx)).toBe(dtype);
    }
    expect(dtypeOfSafetensors("F4")).toBeUndefined();
    expect(dtypeOfOnnx(22)).toBeUndefined();
  });
});
