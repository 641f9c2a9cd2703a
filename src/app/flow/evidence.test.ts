import { beforeEach, describe, expect, test } from "vitest";
import { setMethod } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import type { EvidenceCard, LibraryCard } from "#core/summary.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import type { WorkRequest } from "#workers/protocol/optimise.ts";
import type { Engine } from "../bridge/engine.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { fillMissing, forgetEvidence } from "./evidence.ts";

const library: LibraryCard = {
  suite: "s",
  name: "S",
  base: { id: arithmetic.base, label: "Base", parameters: 1 },
  tensors: [],
  tasks: [],
  experts: arithmetic.experts.map(({ id }) => ({
    id,
    label: id,
    task: id,
    source: "zoo",
    checkpoints: [{ step: 5, file: "" }],
    warnings: [],
  })),
};
const id = `sha256:${"7".repeat(64)}`;
const card: EvidenceCard = {
  id,
  about: {
    kind: "fisher",
    expert: "a",
    step: 5,
    checkpoint: id,
    base: arithmetic.base,
    task: "a",
    examples: 1,
    options: {},
  },
  tensors: 1,
  bytes: 4,
};

let store: AppStore;
const started: WorkRequest[] = [];
const queue = {
  start(request: WorkRequest) {
    started.push(request);
    return store.getState().addWork({ title: "", request, run: undefined });
  },
};
const named = () => store.getState().recipe?.evidence.map(({ expert }) => expert);

beforeEach(() => {
  started.length = 0;
  store = createAppStore();
  store.getState().setLibrary(library, "ready");
  store.getState().setRecipe(setMethod(arithmetic, "fisher"));
});

describe("evidence that the recipe lacks", () => {
  test("is named where it is known, and measured once where it is not", () => {
    store.getState().putEvidence([card]);
    fillMissing(store, queue);
    fillMissing(store, queue);
    expect(named()).toEqual(["a"]);
    const others = arithmetic.experts.filter((expert) => expert.enabled && expert.id !== "a");
    expect(started).toMatchObject(others.map((other) => ({ kind: "fisher", expert: other.id })));
  });

  test("is forgotten in the list, in the recipe and by the worker", async () => {
    const forgotten: string[] = [];
    const models = { forgetEvidence: async (gone: string) => void forgotten.push(gone) };
    const engine = {
      models: (_: unknown, call: (api: unknown) => unknown) => call(models),
    } as unknown as Engine;
    store.getState().putEvidence([card]);
    store.getState().edit((recipe) => setEvidence(recipe, "fisher", "a", id));
    await forgetEvidence({ engine, store }, id);
    expect(named()).toEqual([]);
    expect(store.getState().evidence).toEqual([]);
    expect(forgotten).toEqual([id]);
  });
});
