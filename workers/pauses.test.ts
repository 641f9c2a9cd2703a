import { describe, expect, it } from "vitest";
import { Pauses } from "./pauses.ts";

describe("pauses", () => {
  it("are granted at once by a job that can, and by one that cannot yet as soon as it can", () => {
    const pauses = new Pauses();
    const paused: string[] = [];
    pauses.ask(1);
    pauses.allow(1, () => paused.push("early"));
    pauses.allow(2, () => paused.push("late"));
    expect(paused).toEqual(["early"]);
    pauses.ask(2);
    expect(paused).toEqual(["early", "late"]);
  });

  it("are asked for once, and not of a job that is over", () => {
    const pauses = new Pauses();
    let count = 0;
    const pause = () => void count++;
    pauses.ask(1);
    pauses.allow(1, pause);
    pauses.allow(1, pause);
    expect(count).toBe(1);
    pauses.ask(2);
    pauses.forget(2);
    pauses.allow(2, pause);
    expect(count).toBe(1);
  });
});
