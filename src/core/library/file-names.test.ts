import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expertId } from "../recipe/schema.ts";
import { freshId, parseFileName, taskInSlug } from "./file-names.ts";

describe("a file's name", () => {
  test.each([
    ["digits.safetensors", { slug: "digits" }],
    ["digits-step-640.safetensors", { slug: "digits", step: 640 }],
    ["Digits LoRA_step640.safetensors", { slug: "digits-lora", step: 640 }],
    ["checkpoint-00500-ema.onnx", { slug: "ema", step: 500 }],
    ["resnet-18.safetensors", { slug: "resnet-18" }],
    ["experts/digits/step-2560.safetensors", { slug: "digits", step: 2560 }],
    ["runs/clothes/0080.safetensors", { slug: "clothes", step: 80 }],
    ["step-640.safetensors", { slug: "expert", step: 640 }],
    ["stepford.safetensors", { slug: "stepford" }],
    ["数字.safetensors", { slug: "expert" }],
    ["model.v2.safetensors", { slug: "model.v2" }],
  ])("%s tells expert and step", (path, expected) => {
    expect(parseFileName(path)).toEqual(expected);
  });

  test("always gives a valid id, also once numbered", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (path) => {
        const { slug } = parseFileName(path);
        expect(expertId.safeParse(slug).success).toBe(true);
        expect(expertId.safeParse(freshId(slug, (id) => id === slug)).success).toBe(true);
      }),
    );
  });
});

test("a taken id gets the first free number", () => {
  const taken = ["digits", "digits-2"];
  expect(freshId("digits", (id) => taken.includes(id))).toBe("digits-3");
  expect(freshId("clothes", (id) => taken.includes(id))).toBe("clothes");
});

test("a task is recognised as a whole word", () => {
  const tasks = ["digits", "clothes"];
  expect(taskInSlug("digits", tasks)).toBe("digits");
  expect(taskInSlug("my_clothes-lora", tasks)).toBe("clothes");
  expect(taskInSlug("clothesline", tasks)).toBeUndefined();
});
