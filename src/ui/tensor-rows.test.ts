import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupByBlock, nameFilter, nameRange, queryTensors, splitName, widerGlob } from "./tensor-rows.ts";
import { fixtureTensors } from "./testing/fixture.ts";

const tensors = fixtureTensors();
const all = { filter: "", role: undefined, sort: { key: "depth", descending: false } } as const;
const unknown = () => undefined;
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe("nameFilter", () => {
  it("finds names that contain every word, in any case", () => {
    const passes = nameFilter("  QKV blocks.1 ");
    expect(tensors.filter(({ name }) => passes(name)).map(({ name }) => name)).toEqual([
      "blocks.1.attn.qkv.weight",
      "blocks.1.attn.qkv.bias",
    ]);
  });

  it("takes text with a star as a glob over the whole name", () => {
    expect(tensors.filter(({ name }) => nameFilter("blocks.*.attn.*.weight")(name))).toHaveLength(8);
    expect(tensors.filter(({ name }) => nameFilter("attn*")(name))).toHaveLength(0);
  });

  it("lets everything pass when it is empty or blank", () => {
    expect(tensors.every(({ name }) => nameFilter("  ")(name))).toBe(true);
  });

  it("never throws, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { name } of tensors.slice(0, 5)) nameFilter(text)(name);
      }),
    );
  });
});

describe("widerGlob", () => {
  it("offers a glob that finds what a partial one was meant for", () => {
    expect(widerGlob("attn*")).toBe("**attn**");
    expect(tensors.some(({ name }) => nameFilter("**attn**")(name))).toBe(true);
  });

  it("offers nothing for plain words, a lone star, or what is as wide already", () => {
    expect([widerGlob("attn"), widerGlob("*"), widerGlob("**attn**")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("queryTensors", () => {
  it("keeps depth order by default", () => {
    expect(queryTensors([...tensors].reverse(), all, unknown)).toEqual(tensors);
  });

  it("sorts names naturally: block 10 after block 2", () => {
    const many = fixtureTensors(11);
    const sorted = names(queryTensors(many, { ...all, sort: { key: "name", descending: false } }, unknown));
    expect(sorted.indexOf("blocks.10.norm1.bias")).toBeGreaterThan(sorted.indexOf("blocks.2.norm1.bias"));
  });

  it("sorts the unmeasured last in both directions, and equals by depth", () => {
    const value: Record<string, number> = { "norm.weight": 2, pos_embed: 5, "norm.bias": 2 };
    for (const descending of [false, true]) {
      const sorted = queryTensors(
        tensors,
        { ...all, sort: { key: "norm", descending } },
        (name) => value[name],
      );
      const known = ["norm.weight", "norm.bias"];
      expect(names(sorted).slice(0, 3)).toEqual(
        descending ? ["pos_embed", ...known] : [...known, "pos_embed"],
      );
      expect(names(sorted).slice(3)).toEqual(names(tensors).filter((name) => !(name in value)));
    }
  });

  it("filters by name and role together", () => {
    const found = queryTensors(tensors, { ...all, filter: "blocks.0", role: "norm" }, unknown);
    expect(found).toHaveLength(4);
  });

  it("loses and invents nothing, whatever it sorts by", () => {
    const keys = ["depth", "name", "role", "count", "norm", "conflict", "cosine", "density"] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        fc.boolean(),
        fc.array(fc.float({ noNaN: true })),
        (key, descending, values) => {
          const measure = (name: string) => values[names(tensors).indexOf(name)];
          const sorted = queryTensors(tensors, { ...all, sort: { key, descending } }, measure);
          expect(names(sorted).sort()).toEqual(names(tensors).sort());
        },
      ),
    );
  });
});

describe("groupByBlock", () => {
  it("puts a heading before each run of a block, and none before tensors outside", () => {
    const lines = groupByBlock(tensors);
    expect(lines).toHaveLength(53 + 4);
    expect(lines[3]).toMatchObject({ kind: "block", block: "blocks.0", count: 49984 });
    expect(lines.filter(({ kind }) => kind === "tensor")).toHaveLength(53);
  });
});

describe("splitName and nameRange", () => {
  it("splits a name after its block", () => {
    expect(splitName({ name: "blocks.0.norm1.bias", block: "blocks.0" })).toEqual([
      "blocks.0.",
      "norm1.bias",
    ]);
    expect(splitName({ name: "pos_embed", block: "" })).toEqual(["", "pos_embed"]);
  });

  it("gives a range in the list's order from either end", () => {
    expect(nameRange(["a", "b", "c", "d"], "c", "a")).toEqual(["a", "b", "c"]);
    expect(nameRange(["a", "b"], undefined, "b")).toEqual(["b"]);
    expect(nameRange(["a", "b"], "gone", "b")).toEqual(["b"]);
  });
});
