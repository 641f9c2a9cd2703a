import { describe, expect, test } from "vitest";
import { setExpertEnabled, setExpertStep, setMethod } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import type { LibraryCard } from "#core/summary.ts";
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

describe("requests", () => {
  test("ask for what the recipe reads and does not name, at its stop steps", () => {
    const fisher = setExpertStep(setMethod(arithmetic, "fisher"), "a", 10);
    expect(missingEvidence(fisher, library)).toMatchObject([
      { kind: "fisher", expert: "a", step: 10 },
      { kind: "fisher", expert: "b" },
    ]);
    const half = setEvidence(fisher, "fisher", "a", `sha256:${"1".repeat(64)}`);
    expect(missingEvidence(half, library)).toMatchObject([{ expert: "b" }]);
    expect(missingEvidence(arithmetic, library)).toEqual([]);
  });

  test("adapt the enabled experts, and are called by their labels", () => {
    const request = adamergeRequest(setExpertEnabled(arithmetic, "b", false));
    expect(request.experts).toEqual([{ expert: "a" }, { expert: "c" }]);
    expect(titleOf(request, library)).toBe("A + C");
    expect(titleOf(request, undefined)).toBe("a + c");
  });
});
