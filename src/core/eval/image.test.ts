import { describe, expect, test } from "vitest";
import { MergedImage, Superseded } from "./image.ts";

const row = (value: number) => Float32Array.of(value);

describe("a merged image", () => {
  test("is at a revision from its commit to the next tensor", () => {
    const image = new MergedImage();
    image.put("w", [row(1)]);
    expect(() => image.check(1)).toThrow(Superseded);
    image.commit(1);
    image.check(1);
    expect(() => image.check(2)).toThrow(Superseded);
    image.put("w", [row(2)]);
    expect(() => image.check(1)).toThrow(Superseded);
  });

  test("lets callers wait for a revision, and tells those that it went past", async () => {
    const image = new MergedImage();
    const first = image.reached(1);
    const second = image.reached(2);
    const third = image.reached(3);
    image.commit(2);
    await expect(second).resolves.toBeUndefined();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    image.commit(3);
    await expect(third).resolves.toBeUndefined();
    await expect(image.reached(3)).resolves.toBeUndefined();
    await expect(image.reached(2)).rejects.toBeInstanceOf(Superseded);
  });

  test("keeps tensors that a later merge did not change", () => {
    const image = new MergedImage();
    image.put("a", [row(1)]);
    image.put("b", [row(2)]);
    image.commit(1);
    image.put("b", [row(3)]);
    image.commit(2);
    expect([...image.weights("any")]).toEqual([
      ["a", row(1)],
      ["b", row(3)],
    ]);
  });

  test("gives each task its own row, and all the only one", () => {
    const image = new MergedImage();
    image.put("shared", [row(0)]);
    image.put("own", [row(1), row(2)]);
    image.commit(1, ["x", "y"]);
    expect(image.isPerTask).toBe(true);
    expect(Object.fromEntries(image.weights("y"))).toEqual({ shared: row(0), own: row(2) });
    expect([image.serves("y"), image.serves("z")]).toEqual([true, false]);
    image.put("own", [row(4)]);
    image.commit(2);
    expect(Object.fromEntries(image.weights("z"))).toEqual({ shared: row(0), own: row(4) });
    expect(image.bytes).toBe(8);
  });
});
