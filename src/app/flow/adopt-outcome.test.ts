import { beforeEach, describe, expect, test } from "vitest";
import type { EvidenceAbout } from "#core/model/evidence.ts";
import { addSparsifier, setExpertStep, setLambda, setMethod, setSparsifierParam } from "#core/recipe/edit.ts";
import type { EvidenceCard, ExpertCard } from "#core/summary.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { adopt, applyCoefficients } from "./adopt-outcome.ts";

const id = `sha256:${"5".repeat(64)}`;
const [{ id: expert } = { id: "" }] = arithmetic.experts;

const card = (about: Partial<EvidenceAbout>): EvidenceCard => ({
  id,
  about: {
    kind: "fisher",
    expert,
    checkpoint: id,
    base: arithmetic.base,
    step: 20,
    task: "digits",
    examples: 4,
    options: {},
    ...about,
  },
  tensors: 1,
  bytes: 4,
});

let store: AppStore;

beforeEach(() => {
  store = createAppStore();
  store.getState().setRecipe(setMethod(arithmetic, "fisher"));
});

describe("finished work", () => {
  test("is merged at its best checkpoint where training names one, else at its last", () => {
    const trained = (id: string): ExpertCard => ({
      id,
      label: id,
      source: "trained",
      checkpoints: [20, 40].map((step) => ({ step, file: "" })),
      warnings: [],
    });
    adopt(store, { kind: "trained", expert: trained("early"), best: 20 });
    adopt(store, { kind: "trained", expert: trained("late") });
    expect(store.getState().recipe?.experts.slice(-2)).toMatchObject([
      { id: "early", step: 20 },
      { id: "late", step: 40 },
    ]);
  });

  test("is named in the recipe where its method reads it", () => {
    adopt(store, { kind: "evidence", evidence: [card({})] });
    expect(store.getState().evidence).toHaveLength(1);
    expect(store.getState().recipe?.evidence).toEqual([{ kind: "fisher", expert, id }]);
  });

  test("of several experts is one step back, unless the user edits between", () => {
    const others = arithmetic.experts.map((one, k) => ({
      kind: "evidence" as const,
      evidence: [{ ...card({ expert: one.id }), id: `sha256:${String(k).repeat(64)}` }],
    }));
    const { recipe: before } = store.getState();
    for (const outcome of others) adopt(store, outcome);
    expect(store.getState().recipe?.evidence).toHaveLength(others.length);
    store.getState().undo();
    expect(store.getState().recipe).toBe(before);

    const [first, second] = others;
    if (!first || !second) throw new Error("the fixture has two experts");
    adopt(store, first);
    store.getState().edit((recipe) => setLambda(recipe, 0.7));
    const { recipe: edited } = store.getState();
    adopt(store, second);
    store.getState().undo();
    expect(store.getState().recipe).toBe(edited);
  });

  test("takes the place of evidence about another step, and not the other way round", () => {
    const at = (step: number, digit: string) => ({ ...card({ step }), id: `sha256:${digit.repeat(64)}` });
    const [late, early, again] = [at(2560, "1"), at(20, "2"), at(20, "3")];
    const named = () => store.getState().recipe?.evidence.map(({ id }) => id);
    store.getState().setRecipe(setExpertStep(setMethod(arithmetic, "fisher"), expert, 20));
    adopt(store, { kind: "evidence", evidence: [late] });
    expect(named()).toEqual([late.id]);
    adopt(store, { kind: "evidence", evidence: [early] });
    adopt(store, { kind: "evidence", evidence: [late] });
    expect(named()).toEqual([early.id]);
    adopt(store, { kind: "evidence", evidence: [again] });
    expect(named()).toEqual([again.id]);
  });

  test("is only kept where the recipe does not need it", () => {
    const unneeded = [card({ kind: "gram" }), card({ expert: "nobody" })];
    adopt(store, { kind: "evidence", evidence: unneeded });
    expect(store.getState().recipe?.evidence).toEqual([]);
    expect(store.getState().evidence).toEqual(unneeded);
  });

  test("a mask is a region to merge when it is of the expert, not when it is of the base", () => {
    store
      .getState()
      .setRecipe(setSparsifierParam(addSparsifier(arithmetic, "localize"), 0, "masks", "trained"));
    const { step: _, ...ofBase } = card({ kind: "mask" }).about;
    adopt(store, { kind: "evidence", evidence: [{ ...card({}), about: ofBase }] });
    expect(store.getState().recipe?.evidence).toEqual([]);
    adopt(store, { kind: "evidence", evidence: [card({ kind: "mask" })] });
    expect(store.getState().recipe?.evidence).toEqual([{ kind: "mask", expert, id }]);
  });

  test("becomes the recipe when the user applies coefficients", () => {
    const coefficients = [{ expert, tensors: new Map([["w", 0.4]]) }];
    const { addWork, patchWork } = store.getState();
    const request = { kind: "adamerge", experts: [], spec: {} } as never;
    const work = addWork({ title: "", request, run: undefined });
    applyCoefficients(store, work);
    expect(store.getState().recipe?.method.id).toBe("fisher");
    patchWork(work, { outcome: { kind: "coefficients", coefficients } });
    applyCoefficients(store, work);
    expect(store.getState().recipe).toMatchObject({ method: { id: "task-arithmetic" }, lambda: 1 });
    expect(store.getState().recipe?.experts[0]?.weight).toBe(0.4);
  });
});
