import { expect, test, vi } from "vitest";
import type { TracePoint } from "./protocol/optimise.ts";
import { Traces } from "./traces.ts";

const point = (at: number): TracePoint => ({ curve: "loss", at, value: 1 / at });

test("points go out in few pieces, none is lost, and they keep their order", () => {
  const sent: (readonly TracePoint[])[] = [];
  const traces = new Traces((points) => sent.push(points));
  for (let at = 1; at <= 1000; at++) traces.add(point(at));
  traces.flush();
  traces.flush();
  expect(sent[0]).toEqual([point(1)]);
  expect(sent.flat().map(({ at }) => at)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  expect(sent.length).toBeLessThan(30);
});

test("points that nothing follows go out by themselves", async () => {
  const sent: (readonly TracePoint[])[] = [];
  const traces = new Traces((points) => sent.push(points));
  traces.add(point(1));
  traces.add(point(2));
  expect(sent).toHaveLength(1);
  await vi.waitFor(() => expect(sent.flat()).toEqual([point(1), point(2)]));
});
