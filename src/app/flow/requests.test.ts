import { describe, expect, test } from "vitest";
import { addSparsifier, setExpertEnabled, setExpertStep, setMethod } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import { fisherSpec } from "#core/statistics/fisher.ts";
import type { EvidenceCard, LibraryCard } from "#core/summary.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import { adamergeRequest, missingEvidence, titleOf } from "./requests.ts";

const experts = ["a", "b", "c"].map((id) => ({
  id,
  label: id.toUpperCase(),
  ...(id === "c" ? {} : { task: `${id}-task` }),
  source: "zoo" as const,
  checkpoints: [],
  warnings: [],
}));
const library: LibraryCard = {
  suite: "s",
  name: "S",
  base: { id: arithmetic.base, label: "Base", parameters: 1 },
  tensors: [],
  tasks: [],
  experts,
};

const spec = fisherSpec.parse({});
const lacking = (expert: string, request: unknown) => ({
  kind: "fisher",
  expert,
  known: undefined,
  request,
});
const idOf = (digit: number) => `sha256:${String(digit).repeat(64)}`;
const card = (digit: number, expert: string, step: number): EvidenceCard => ({
  id: idOf(digit),
  about: {
    kind: "fisher",
    expert,
    step,
    checkpoint: idOf(0),
    base: arithmetic.base,
    task: "",
    examples: 1,
    options: {},
  },
  tensors: 1,
  bytes: 4,
});

describe("requests", () => {
  test("ask for what the recipe reads and does not name, at its stop steps", () => {
    const fisher = setExpertStep(setMethod(arithmetic, "fisher"), "a", 10);
    expect(missingEvidence(fisher, library, [])).toEqual([
      lacking("a", { kind: "fisher", expert: "a", step: 10, spec }),
      lacking("b", { kind: "fisher", expert: "b", spec }),
      lacking("c", undefined),
    ]);
    expect(missingEvidence(arithmetic, library, [])).toEqual([]);
  });

  test("know what was measured at the stop step, and ask again for what is named but not here", () => {
    const fisher = setExpertEnabled(setExpertStep(setMethod(arithmetic, "fisher"), "a", 10), "c", false);
    const named = setEvidence(setEvidence(fisher, "fisher", "a", idOf(1)), "fisher", "b", idOf(2));
    expect(missingEvidence(named, library, [card(1, "a", 10)])).toMatchObject([{ expert: "b" }]);
    const kept = [card(3, "a", 10), card(4, "a", 20), card(5, "b", 7)];
    const known = missingEvidence(fisher, library, kept).map((missing) => missing.known);
    expect(known).toEqual([idOf(3), undefined]);
  });

  test("ask for the stop step where what is named was measured at another one", () => {
    const fisher = setEvidence(setMethod(arithmetic, "fisher"), "fisher", "a", idOf(1));
    const only = ["b", "c"].reduce((recipe, id) => setExpertEnabled(recipe, id, false), fisher);
    const kept = [card(1, "a", 10)];
    expect(missingEvidence(setExpertStep(only, "a", 10), library, kept)).toEqual([]);
    expect(missingEvidence(setExpertStep(only, "a", 20), library, kept)).toEqual([
      lacking("a", { kind: "fisher", expert: "a", step: 20, spec }),
    ]);
  });

  test("adapt the enabled experts, and are called by their labels", () => {
    const request = adamergeRequest(setExpertEnabled(arithmetic, "b", false));
    expect(request.experts).toEqual([{ expert: "a" }, { expert: "c" }]);
    expect(titleOf(request, library)).toBe("A + C");
    expect(titleOf(request, undefined)).toBe("a + c");
  });

  test("coefficients are of what the recipe makes of its experts, where that is more than their task vectors", () => {
    const sparse = addSparsifier(arithmetic, "dare");
    expect(adamergeRequest(sparse, undefined, true).of).toBe(sparse);
    expect(adamergeRequest(sparse).of).toBeUndefined();
    expect(adamergeRequest(arithmetic, undefined, true).of).toBeUndefined();
  });
});
