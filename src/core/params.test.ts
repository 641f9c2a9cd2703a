import { describe, expect, it } from "vitest";
import { z } from "zod";
import { controlsOf, defaultsOf } from "./params.ts";

const schema = z.object({
  density: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .meta({ label: "Density", help: "How much stays.", step: 0.05 }),
  rounds: z.int().min(1).max(4).default(2).meta({ label: "Rounds", advanced: true }),
  normalize: z.boolean().default(true).meta({ label: "Normalise" }),
  scope: z
    .enum(["tensor", "model"])
    .default("tensor")
    .meta({ label: "Scope", options: { model: "whole model" } }),
});

describe("controlsOf", () => {
  it("makes a slider, a switch and a choice of what the schema says, in its order", () => {
    expect(controlsOf(schema)).toEqual([
      {
        key: "density",
        label: "Density",
        help: "How much stays.",
        advanced: false,
        kind: "number",
        min: 0,
        max: 1,
        step: 0.05,
        initial: 0.2,
      },
      { key: "rounds", label: "Rounds", advanced: true, kind: "number", min: 1, max: 4, step: 1, initial: 2 },
      { key: "normalize", label: "Normalise", advanced: false, kind: "switch", initial: true },
      {
        key: "scope",
        label: "Scope",
        advanced: false,
        kind: "choice",
        options: [
          { value: "tensor", label: "tensor" },
          { value: "model", label: "whole model" },
        ],
        initial: "tensor",
      },
    ]);
  });

  it("refuses a parameter that no control can show", () => {
    expect(() => controlsOf(z.object({ free: z.string().default("") }))).toThrow("free");
    expect(() => controlsOf(z.object({ open: z.number().default(1) }))).toThrow("open");
    expect(() => controlsOf(z.object({ unset: z.boolean() }))).toThrow("unset");
  });

  it("gives the same defaults as the schema", () => {
    expect(defaultsOf(controlsOf(schema))).toEqual(schema.parse({}));
  });
});
