import { expect, test } from "vitest";
import { workCards } from "#core/work-cards.ts";
import { japaneseControls } from "./bench-control-words.ts";
import { shownControls } from "./bench-controls.ts";

const { controls, defaults } = workCards.train;
const shown = (params: Record<string, string>, advanced: boolean) =>
  shownControls("train", controls, { ...defaults, ...params })
    .filter((spec) => spec.advanced === advanced)
    .map(({ key }) => key);

test("shows five essentials for plain training, and the adapter's own two for LoRA", () => {
  const plain = ["mode", "steps", "batch", "learningRate", "schedule"];
  expect(shown({}, false)).toEqual(plain);
  expect(shown({ mode: "lora" }, false)).toEqual([...plain, "rank", "alpha"]);
});

test("hides what has no effect beside the other choices", () => {
  expect(shown({}, true)).not.toContain("momentum");
  expect(shown({}, true)).not.toContain("plateauFactor");
  expect(shown({ optimiser: "sgd", schedule: "plateau" }, true)).toEqual(
    expect.arrayContaining(["momentum", "plateauFactor"]),
  );
  expect(shown({ optimiser: "sgd" }, true)).not.toContain("beta1");
});

test.each(Object.entries(workCards))(
  "every option of %s has Japanese words, and none too many",
  (id, card) => {
    const words = Object.entries(japaneseControls).find(([known]) => known === id)?.[1] ?? {};
    expect(Object.keys(words).sort()).toEqual(card.controls.map(({ key }) => key).sort());
    for (const spec of card.controls) {
      if (spec.kind !== "choice") continue;
      const options = Object.keys(words[spec.key]?.options ?? {});
      expect(options.sort()).toEqual(spec.options.map(({ value }) => value).sort());
    }
  },
);
