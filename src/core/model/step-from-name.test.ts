import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expertId } from "../recipe/schema.ts";
import { expertFromName, stepFromName } from "./step-from-name.ts";

describe("stepFromName and expertFromName", () => {
  it.each([
    ["digits_step-160.safetensors", 160, "digits", "digits"],
    ["digits/step-20.safetensors", 20, "digits", "digits"],
    ["experts/clothes/step_1000.onnx", 1000, "clothes", "clothes"],
    ["hiragana/checkpoint-500/model.safetensors", 500, "hiragana", "hiragana"],
    ["checkpoint-500/model.safetensors", 500, "model", "model"],
    ["my expert/epoch=3-step=1200.safetensors", 1200, "my-expert", "my expert"],
    ["epoch=3.safetensors", 3, "epoch-3", "epoch=3"],
    ["run1/iter 7.safetensors", 7, "run1", "run1"],
    ["vit_iter_000250.safetensors", 250, "vit", "vit"],
    ["global_step0042_capitals.safetensors", 42, "capitals", "capitals"],
    ["ckpt7-digits.safetensors", 7, "digits", "digits"],
    ["Digits.v2.safetensors", undefined, "digits.v2", "Digits.v2"],
    ["résumé.safetensors", undefined, "resume", "résumé"],
    ["model.safetensors", undefined, "model", "model"],
    ["caps/checkpoint-7/model.safetensors.index.json", 7, "caps", "caps"],
    ["digits/pytorch_model.safetensors", undefined, "digits", "digits"],
    ["C:\\models\\caps\\step-5.safetensors", 5, "caps", "caps"],
    ["footsteps3.safetensors", undefined, "footsteps3", "footsteps3"],
    ["misstep-3.safetensors", undefined, "misstep-3", "misstep-3"],
    ["base.safetensors", undefined, "base-expert", "base"],
    ["", undefined, "expert", "expert"],
  ])("%s", (path, step, slug, label) => {
    expect(stepFromName(path)).toBe(step);
    expect(expertFromName(path)).toEqual({ slug, label });
  });

  it("gives names without ASCII letters ids that differ", () => {
    const hiragana = expertFromName("ひらがな_step-5.safetensors");
    const katakana = expertFromName("カタカナ_step-5.safetensors");
    expect(hiragana.label).toBe("ひらがな");
    expect(hiragana.slug).not.toBe(katakana.slug);
  });

  it("gives all checkpoints of one expert one id", () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.constantFrom("step-", "step_", "checkpoint-", "epoch=", "iter "),
        (step, word) => {
          expect(stepFromName(`runs/digits_${word}${step}.safetensors`)).toBe(step);
          expect(expertFromName(`runs/digits_${word}${step}.safetensors`).slug).toBe("digits");
          expect(expertFromName(`runs/digits/${word}${step}/model.safetensors`).slug).toBe("digits");
        },
      ),
    );
  });

  it("always gives an id that a recipe accepts", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (path) => {
        const { slug } = expertFromName(path);
        expect(expertId.safeParse(slug).success).toBe(true);
        expect(slug).not.toBe("base");
      }),
      { numRuns: 500 },
    );
  });
});
