import { expect, test } from "vitest";
import type { ExpertCard, LibraryCard } from "#core/summary.ts";
import { expertSets } from "./expert-sets.ts";

const expert = (id: string, task: string, label: string): ExpertCard => ({
  id,
  label,
  task,
  source: "zoo",
  checkpoints: [],
  warnings: [],
});
const library = (experts: readonly ExpertCard[]): LibraryCard => ({
  suite: "s",
  name: "S",
  base: { id: "b", label: "B", parameters: 1 },
  tensors: [],
  tasks: [],
  experts,
});

test("experts of several tasks whose ids differ in the task only are one set", () => {
  const sets = expertSets(
    library([
      expert("digits", "digits", "Digits expert (TaLoS)"),
      expert("clothes", "clothes", "Clothes expert (TaLoS)"),
      expert("digits-dense", "digits", "Digits expert (dense)"),
      expert("clothes-dense", "clothes", "Clothes expert (dense)"),
      expert("digits-once", "digits", "Alone"),
      expert("mine", "digits", "Dropped"),
    ]),
  );
  expect(sets).toEqual([
    { id: "", label: "TaLoS", experts: ["digits", "clothes"] },
    { id: "dense", label: "dense", experts: ["digits-dense", "clothes-dense"] },
  ]);
});

test("labels that do not agree leave the name to the id", () => {
  const sets = expertSets(library([expert("a-x", "a", "A"), expert("b-x", "b", "B (x)")]));
  expect(sets.map(({ label }) => label)).toEqual(["x"]);
});
