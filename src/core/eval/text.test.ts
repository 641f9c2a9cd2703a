import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeText, fillText, MAX_TEXT, type TextEncoding } from "./text.ts";

const encoding: TextEncoding = { kind: "hashed-ngrams", size: 4096, n: [1, 2, 3], scale: 1 };

/** Filled buckets and their values, to four digits. */
function filled(text: string, of = encoding): string {
  return Array.from(encodeText(text, of), (value, i) => (value > 0 ? `${i}:${value.toFixed(4)}` : ""))
    .filter((entry) => entry !== "")
    .join(" ");
}

describe("hashed n-grams of characters", () => {
  // From a Python program that follows the definition with the library's own UTF-8 and NFKC.
  test.each([
    ["aa", "691:0.3649 907:0.3649 1858:0.3649 2020:0.5783 2742:0.3649 3721:0.3649"],
    ["猫", "252:0.5000 608:0.5000 2661:0.5000 3930:0.5000"],
    [
      "قطة",
      "565:0.3162 722:0.3162 1093:0.3162 1537:0.3162 1720:0.3162 1872:0.3162 1959:0.3162 3040:0.3162 3498:0.3162 3505:0.3162",
    ],
    ["😀", "1178:0.5000 2297:0.5000 2855:0.5000 3317:0.5000"],
  ])("of %s are these for ever: models were trained on them", (text, golden) => {
    expect(filled(text)).toBe(golden);
  });

  test("are the same however the text was typed", () => {
    expect(filled("Café  AU lait ")).toBe(filled("cafe\u0301 au\nlait"));
    expect(filled("ﾈｺ")).toBe(filled("ネコ"));
  });

  test("have the norm that was asked for, and none without text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const norm = Math.hypot(...encodeText(text, { ...encoding, size: 64, scale: 8 }));
        if (text.normalize("NFKC").trim() === "") expect(norm).toBe(0);
        else expect([norm]).toBeAllclose([8], { rtol: 1e-5 }); // 64 values in f32
      }),
      { numRuns: 25 },
    );
    expect(filled(" \u3000\n")).toBe("");
  });

  test("take the lengths they are told", () => {
    expect(filled("猫", { ...encoding, n: [1] }).split(" ")).toHaveLength(1);
    expect(filled("猫", { ...encoding, n: [2, 3] }).split(" ")).toHaveLength(3);
    expect(filled("猫", { ...encoding, n: [4] })).toBe("");
  });

  test("end at a length, and replace what was there", () => {
    const out = new Float32Array(64).fill(7);
    fillText(out, "a".repeat(MAX_TEXT + 5), { ...encoding, size: 64 });
    expect(out).toEqual(encodeText("a".repeat(MAX_TEXT), { ...encoding, size: 64 }));
  });
});
