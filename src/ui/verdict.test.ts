import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PairedComparison } from "#core/eval/report.ts";
import { formatsOf } from "./format.ts";
import { plain, verdictWords } from "./panels/verdict-words.ts";
import { fixtureComparison, fixtureReport } from "./testing/fixture-report.ts";
import { holm, pairedMean, spoken, verdictFacts, verdictOf } from "./verdict.ts";

const nameOf = (task: string) => task;
const inEnglish = (facts: ReturnType<typeof verdictFacts>) =>
  verdictOf(facts, verdictWords.en, formatsOf("en"), nameOf);
const NARROW = "\u202f";

describe("the main sentence", () => {
  it("says what is kept, where least, and how much of the hard examples", () => {
    const { main } = inEnglish(verdictFacts(fixtureReport()));
    expect(plain(main).replaceAll(NARROW, " ")).toBe(
      "Keeps 91.4 % of the experts’ accuracy (worst: clothes 81.9 %), 73.8 % of the hard examples.",
    );
  });

  it("sets every number apart from the words", () => {
    const { main } = inEnglish(verdictFacts(fixtureReport()));
    for (const { kind, text } of main) expect(/\d/.test(text)).toBe(kind === "number");
  });

  it("says the accuracy alone before the experts have been measured", () => {
    const { main } = inEnglish(verdictFacts(fixtureReport({ isFirst: true })));
    expect(plain(main).replaceAll(NARROW, " ")).toBe("Gets 87.6 % right, the mean of 4 tasks.");
  });

  it("says of how many tasks it speaks where some have no expert yet", () => {
    const report = fixtureReport();
    const { main } = inEnglish(verdictFacts({ ...report, mean: { ...report.mean, withReference: 3 } }));
    expect(plain(main).replaceAll(NARROW, " ")).toContain(
      "Keeps 91.4 % of the experts’ accuracy on the 3 of 4 tasks that have one (worst:",
    );
  });

  it("names no worst task when there is only one", () => {
    const report = fixtureReport();
    const [first] = report.tasks;
    const { main } = inEnglish(verdictFacts({ ...report, tasks: [first] }));
    expect(plain(main)).not.toContain("worst");
  });

  it("is the same in Japanese, in its own order", () => {
    const facts = verdictFacts(fixtureReport());
    const { main } = verdictOf(facts, verdictWords.ja, formatsOf("ja"), nameOf);
    expect(plain(main).replaceAll(NARROW, " ")).toBe(
      "エキスパートの正解率の 91.4 % を保持（最低はclothesの 81.9 %）、難しい例では 73.8 %。",
    );
  });
});

describe("the sample", () => {
  it("tells the split, how far it is, and n per task", () => {
    expect(inEnglish(verdictFacts(fixtureReport({ subset: "quick" }))).sample).toBe(
      "validation · quick subset · 4 tasks × n = 256",
    );
    expect(inEnglish(verdictFacts(fixtureReport({ split: "test" }))).sample).toBe(
      "test · settled · 4 tasks × n = 1,000",
    );
  });

  it("says when each task has its own model", () => {
    expect(inEnglish(verdictFacts(fixtureReport({ output: "per-task" }))).sample).toContain(
      "one model per task: not comparable with a single merged model",
    );
  });
});

describe("the comparison with the pinned recipe", () => {
  const report = fixtureReport();
  const pinned = fixtureReport({ key: "pinned", shift: -0.02 });
  const same = (won: number, lost: number): PairedComparison[] =>
    ["digits", "clothes"].map((task) => ({ task, n: 1000, won, lost, p: won === lost ? 1 : 0.04 }));

  it("gives the paired interval where it leaves zero out, and the tasks that differ", () => {
    const { versus } = inEnglish(verdictFacts(report, { report: pinned, paired: fixtureComparison() }));
    expect(versus && plain(versus)).toBe(
      "+1.3 points over the pinned recipe, 95 % interval +0.6 to +2.0. Better on clothes.",
    );
  });

  it("calls a difference unresolved where the interval holds zero", () => {
    const { versus } = inEnglish(verdictFacts(report, { report: pinned, paired: same(22, 15) }));
    expect(versus && plain(versus)).toBe(
      "+0.7 points over the pinned recipe: not resolved at n = 1,000 per task.",
    );
  });

  it("claims nothing but the difference before the pairs are counted", () => {
    const { versus } = inEnglish(verdictFacts(report, { report: pinned }));
    expect(versus && plain(versus)).toBe("+2.0 points over the pinned recipe, not yet compared in pairs.");
  });

  it("says nothing of reports on different examples", () => {
    expect(verdictFacts(fixtureReport({ subset: "quick" }), { report: pinned }).versus).toBeUndefined();
  });

  it("refuses to compare one model per task with a single one", () => {
    const facts = verdictFacts(fixtureReport({ output: "per-task" }), {
      report: pinned,
      paired: fixtureComparison(),
    });
    expect(facts.versus).toEqual({ kind: "incomparable" });
  });

  it("is left out of what is read aloud when nothing is pinned", () => {
    expect(spoken(inEnglish(verdictFacts(report)))).toMatch(/examples\. validation/);
  });
});

describe("the comparison with the simple average", () => {
  const against = (won: number, lost: number) =>
    inEnglish(verdictFacts(fixtureReport(), undefined, [{ task: "digits", n: 1000, won, lost, p: 1 }]))
      .average;

  it("says plainly when the merge lies below the average", () => {
    const words = against(40, 90);
    expect(words && plain(words)).toMatch(
      /^−5\.0 points against the simple average, 95 % interval −[\d.]+ to −[\d.]+\.$/,
    );
  });

  it("calls a small difference unresolved, and is silent before it is counted", () => {
    const words = against(41, 40);
    expect(words && plain(words)).toContain("not resolved at n = 1,000");
    expect(inEnglish(verdictFacts(fixtureReport())).average).toBeUndefined();
  });
});

describe("paired statistics", () => {
  const pairs = fc
    .record({
      n: fc.integer({ min: 1, max: 2000 }),
      a: fc.nat(),
      b: fc.nat(),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ n, a, b, p }): PairedComparison => {
      const won = a % (n + 1);
      return { task: `t${a}-${b}`, n, won, lost: b % (n - won + 1), p };
    });

  it("has an interval whose direction turns with the comparison", () => {
    fc.assert(
      fc.property(fc.array(pairs, { minLength: 1, maxLength: 8 }), (list) => {
        const there = pairedMean(list);
        const back = pairedMean(list.map((one) => ({ ...one, won: one.lost, lost: one.won })));
        expect(there.value).toBeCloseTo(-back.value, 12);
        expect(there.low).toBeCloseTo(-back.high, 12);
        expect(there.low).toBeLessThan(there.high);
      }),
    );
  });

  it("does not take one flip for certainty", () => {
    const { low, high } = pairedMean([{ task: "digits", n: 1000, won: 1, lost: 0, p: 1 }]);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it("passes the p values that Holm's correction passes", () => {
    const of = (...ps: number[]) =>
      holm(ps.map((p, i) => ({ task: `t${i}`, n: 100, won: 2, lost: 1, p }))).map(({ task }) => task);
    expect(of(0.01, 0.04, 0.03, 0.005)).toEqual(["t0", "t3"]); // 0.005 ≤ .05/4, 0.01 ≤ .05/3, 0.03 > .05/2
    expect(of(0.02, 0.02)).toEqual(["t0", "t1"]); // 0.02 ≤ .025, 0.02 ≤ .05
    expect(of(0.03, 0.04)).toEqual([]);
  });
});
