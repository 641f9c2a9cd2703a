import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob } from "./glob.ts";

const cases: readonly [glob: string, name: string, matches: boolean][] = [
  ["blocks.*.weight", "blocks.0.weight", true],
  ["blocks.*.weight", "blocks.0.attn.weight", false],
  ["blocks.**.weight", "blocks.0.attn.weight", true],
  ["blocks.**", "blocks.", true],
  ["blocks.?.weight", "blocks.7.weight", true],
  ["blocks.?.weight", "blocks.17.weight", false],
  ["**", "anything.at.all", true],
  ["*", "", true],
  ["*", "a.b", false],
  ["weight", "weight", true],
  ["weight", "a.weight", false],
  ["*.bias", ".bias", true],
  ["a*a", "a", false],
  ["*a*b", "xaab", true],
  ["**a*b", "a.ab", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["a\\", "a\\", true],
  ["[x]+(y)", "[x]+(y)", true],
];

test.each(cases)("glob %s against %s: %s", (glob, name, matches) => {
  expect(compileGlob(glob)(name)).toBe(matches);
});

test("agrees with the regular expression of the same meaning", () => {
  const glob = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?"), maxLength: 6 });
  const name = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 7 });
  const pattern = (text: string) =>
    text.replace(/\*\*|[*?.]/g, (token) => ({ "**": ".*", "*": "[^.]*", "?": ".", ".": "\\." })[token] ?? "");
  fc.assert(
    fc.property(glob, name, (text, candidate) => {
      expect(compileGlob(text)(candidate)).toBe(new RegExp(`^${pattern(text)}$`).test(candidate));
    }),
    { numRuns: 500 },
  );
});

test("a pattern made to backtrack comes to its end", () => {
  const matches = compileGlob("*a".repeat(240));
  expect(matches(`${"a".repeat(400)}b`)).toBe(false);
  expect(matches(`${"ab".repeat(240)}`)).toBe(false);
  expect(matches("a".repeat(400))).toBe(true);
});
