import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { RetentionReport } from "./eval/report.ts";
import { modelCard } from "./model-card.ts";
import { arithmetic } from "./testing/small-merge.ts";

const library = {
  name: 'Toy: "zoo"',
  base: { id: arithmetic.base, label: "Base", parameters: 10 },
  tasks: [
    {
      id: "cats",
      label: "Cats | dogs",
      classes: ["a", "b"],
      chance: 0.5,
      n: { validation: 100, quick: 50, test: 100, fewShot: 0 },
    },
  ],
  experts: [
    {
      id: "a",
      label: "Expert A",
      source: "zoo",
      checkpoints: [{ step: 20, file: "a.safetensors" }],
      warnings: [],
    },
  ],
} as const;
const inputs = { base: arithmetic.base, experts: { a: { step: 20, id: `sha256:${"1".repeat(64)}` } } };
const half = { k: 50, n: 100, low: 0.4, high: 0.6 };
const report: RetentionReport = {
  recipeKey: "key",
  suite: "toy",
  split: "test",
  subset: "full",
  output: "single",
  hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
  tasks: [{ task: "cats", n: 100, chance: 0.5, merged: half, references: { base: half } }],
  mean: { merged: { value: 0.5, low: 0.4, high: 0.6, n: 100 } },
};

function card(
  of: RetentionReport | undefined,
  hideNames = false,
): { front: Record<string, unknown>; body: string } {
  const text = modelCard({
    recipe: arithmetic,
    library,
    seal: { inputs, output: inputs.experts.a.id },
    report: of,
    hideNames,
  });
  const [, front = "", body = ""] = text.split(/^---$/m);
  return { front: parse(front), body };
}

describe("the model card", () => {
  test("has front matter that hubs read, with n, interval and split beside every metric", () => {
    const { front } = card(report);
    expect(front).toMatchObject({ base_model: 'Toy: "zoo"', tags: ["merge", "kintsugi", "task-arithmetic"] });
    expect(front["model-index"]).toMatchObject([
      {
        results: [
          {
            dataset: { split: "test" },
            metrics: [{ type: "accuracy", value: 0.5, name: "accuracy, n = 100, 95 % interval 0.4 to 0.6" }],
          },
        ],
      },
    ]);
  });

  test("carries recipe, hashes, numbers and limits", () => {
    const { body } = card(report);
    expect(body).toContain(inputs.experts.a.id);
    expect(body).toContain('"method":{"id":"task-arithmetic"');
    expect(body).toContain("## Numbers on test");
    expect(body).toContain(
      "| Cats \\| dogs | 0.5 [0.4, 0.6], n = 100 | – | – | 0.5 [0.4, 0.6], n = 100 | – |",
    );
    expect(body).toContain("arXiv:2212.04089");
  });

  test("tells no name of a family, an expert or a task where they are hidden", () => {
    const { front, body } = card(report, true);
    expect(front).toMatchObject({ base_model: arithmetic.base });
    expect(`${JSON.stringify(front)}${body}`).not.toMatch(/Toy|Expert A\b|\b[Cc]ats\b/);
    expect(body).toContain("| Task 1 |");
  });

  test("says that nothing was measured, or only a part", () => {
    expect(card(undefined).body).toContain("Nothing was measured.");
    expect(card(undefined).front).not.toHaveProperty("model-index");
    expect(card({ ...report, split: "validation", subset: "quick" }).body).toContain(
      "## Numbers on a part of validation",
    );
  });
});
