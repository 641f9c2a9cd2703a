import { describe, expect, test } from "vitest";
import { presets } from "./catalog.ts";
import { quietContext } from "./context.ts";
import { mergedDifference } from "./merge/difference.ts";
import { createMerger } from "./merge/run.ts";
import { completeParams } from "./recipe/complete.ts";
import { defaultRecipe } from "./recipe/default.ts";
import { builtIn, findMethod, findSparsifier } from "./recipe/registry.ts";
import { dialects, methodMeanings, readingsOf, sparsifierMeanings } from "./semantics.ts";
import { twin } from "./tensor/twin.ts";
import { arithmetic, card, floats, library } from "./testing/small-merge.ts";

const preset = (id: string) => defaultRecipe(card, presets.find((one) => one.id === id)!);

describe("the readings of a recipe", () => {
  test("of TIES are four, each with its sources", () => {
    const readings = readingsOf(preset("ties-mergekit"));
    expect(readings.map((reading) => [reading.dialects, reading.isOwn])).toEqual([
      [["paper"], false],
      [["mergekit"], true],
      [["peft"], false],
      [["fusion-bench"], false],
    ]);
    for (const { sources } of readings) expect(sources).toHaveLength(2);
  });

  test("that agree are one", () => {
    const readings = readingsOf(preset("dare-linear"));
    expect(readings.map((reading) => reading.dialects)).toEqual([
      ["paper", "peft", "fusion-bench"],
      ["mergekit"],
    ]);
  });

  test("are none where all programs mean the same", () => {
    expect(readingsOf(arithmetic)).toEqual([]);
  });

  test("set only parameters that exist, to values they take", () => {
    for (const dialect of dialects) {
      for (const [id, meanings] of Object.entries(methodMeanings)) {
        const { params = {} } = meanings[dialect] ?? {};
        expect(completeParams(findMethod(builtIn, id), params, id)).toMatchObject(params);
      }
      for (const [id, meanings] of Object.entries(sparsifierMeanings)) {
        const { params = {} } = meanings[dialect] ?? {};
        expect(completeParams(findSparsifier(builtIn, id), params, id)).toMatchObject(params);
      }
    }
  });
});

describe("the difference of two merges", () => {
  const merger = createMerger(library, twin);
  const between = (a: number, b: number) =>
    mergedDifference(
      merger,
      library,
      twin,
      [
        { ...arithmetic, lambda: a },
        { ...arithmetic, lambda: b },
      ],
      quietContext,
    );

  test("is relative to what the second changes: half the λ is half as far", async () => {
    const found = await between(0.2, 0.4);
    expect(found.map(({ name }) => name).sort()).toEqual([...floats].sort());
    for (const { relative } of found) expect(relative).toBeCloseTo(0.5, 4);
  });

  test("is empty for the same recipe", async () => {
    expect(await between(0.3, 0.3)).toEqual([]);
  });
});
