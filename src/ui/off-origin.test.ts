import { expect, test } from "vitest";
import { isOffOrigin } from "./off-origin.ts";

const here = "http://localhost:4173";

test("counts what leaves the origin and nothing else", () => {
  const off = ["https://example.com/a.js", "http://localhost:4174/x", "https://localhost:4173/x"];
  const own = [
    "http://localhost:4173/zoo/index.json",
    "/zoo/index.json",
    "data:image/png;base64,x",
    "blob:http://localhost:4173/1",
  ];
  expect(off.map((address) => isOffOrigin(address, here))).toEqual([true, true, true]);
  expect(own.map((address) => isOffOrigin(address, here))).toEqual([false, false, false, false]);
});
