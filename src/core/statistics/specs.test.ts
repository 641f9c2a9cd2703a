import { describe, expect, it } from "vitest";
import { adamergingSpec } from "../adamerging/spec.ts";
import { datalessSpec, localiseSpec } from "../localise/spec.ts";
import { controlsOf } from "../params.ts";
import { talosSpec } from "../talos/spec.ts";
import { fisherSpec } from "./fisher.ts";
import { gramSpec } from "./gram.ts";

const specs = { datalessSpec, localiseSpec, talosSpec, fisherSpec, gramSpec, adamergingSpec };

describe.each(Object.entries(specs))("the form of %s", (_, spec) => {
  const controls = controlsOf(spec);

  it("has a label and an explanation for every option", () => {
    for (const { key, label, help } of controls) {
      expect(label).not.toBe(key);
      expect(help).toMatch(/\.$/);
    }
  });

  it("starts with values that the spec itself takes by default", () => {
    const initial = Object.fromEntries(controls.map(({ key, initial: value }) => [key, value]));
    expect(spec.parse({})).toEqual(initial);
  });
});
