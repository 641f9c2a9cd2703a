import { describe, expect, it } from "vitest";
import { errorCodes } from "#core/errors.ts";
import { truncated } from "#core/formats/file-error.ts";
import { japaneseError } from "./errors.ts";
import { japaneseWarning } from "./warnings.ts";

describe("errors in Japanese", () => {
  it("name the file and its numbers", () => {
    const { code, details } = truncated("adapter.safetensors", 4_194_304, 1_048_576);
    expect(japaneseError(code, details)).toBe(
      "「adapter.safetensors」が途中で切れています（4,194,304 バイトあるはずです。実際は 1,048,576 バイトです）。もう一度ダウンロードするか、コピーし直してください。",
    );
  });

  it("are whole sentences for every code, with details or without", () => {
    for (const code of errorCodes) {
      const bare = japaneseError(code);
      expect(bare).toMatch(/。$/);
      expect(bare).not.toMatch(/undefined|「」|（）|^。/);
    }
  });

  it("list what there is", () => {
    expect(japaneseError("model/missing-tensors", { file: "a.st", count: 2, tensors: ["x", "y"] })).toBe(
      "「a.st」には、ベースにあるテンソルが 2 個足りません（たとえば: x、y）。同じネットワークから微調整したものか確かめてください。",
    );
  });

  it("know no code that is not core's", () => {
    expect(japaneseError("saved")).toBeUndefined();
  });
});

describe("warnings in Japanese", () => {
  it("name the expert, the tensors and the rule", () => {
    expect(japaneseWarning("density/zero", { expert: "digits", tensors: 2, first: "norm.bias" })).toBe(
      "「digits」は、2 個のテンソル（最初は「norm.bias」）で何も残りません。要素数に対して密度が小さすぎます。",
    );
    expect(japaneseWarning("rule/shadowed", { match: "*.bias", rule: 0 })).toMatch(/^ルール「\*\.bias」/);
    expect(japaneseWarning("evidence/other-step", { expert: "a", kind: "mask", step: 20 })).toContain(
      "ステップ 20 で",
    );
  });
});
