import { describe, expect, test } from "vitest";
import { bytesSource } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { twin } from "../tensor/twin.ts";
import { noisy, smallLibrary } from "../testing/small-library.ts";
import { TrainedExperts } from "./trained-experts.ts";
import { readTrained, type TrainedRecord, writeTrained } from "./trained-file.ts";

const { base } = smallLibrary([noisy("a.weight", [2, 3], 1), noisy("b.weight", [4], 2)], {});

const open = (tasks: readonly string[] = ["digits"]) =>
  new TrainedExperts({ base, kernels: twin, taskIds: () => tasks, isTaken: (id) => id === "digits" });
/** What a file of it gives back. */
async function reread(record: TrainedRecord): Promise<TrainedRecord> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeTrained(record, base.tensors)) pieces.push(piece);
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return readTrained(await safetensors.open(bytesSource(bytes), "kept"));
}
const made = (step: number, run = "run-1") => ({
  run,
  label: "My Digits",
  task: "digits",
  step,
  tensors: new Map([["a.weight", Float32Array.from({ length: 6 }, (_, i) => step + i)]]),
});

describe("experts trained here", () => {
  test("grow by a checkpoint at a time, and take what was not trained from the base", async () => {
    const experts = open();
    await experts.add(made(20));
    const card = await experts.add(made(10));
    expect(card).toMatchObject({ id: "my-digits", task: "digits", source: "trained" });
    expect(card.checkpoints.map(({ step }) => step)).toEqual([10, 20]);
    const model = experts.model("my-digits");
    expect(model?.steps).toEqual([10, 20]);
    const checkpoint = await model?.checkpoint(20);
    expect(await checkpoint?.load("a.weight")).toEqual(Float32Array.of(20, 21, 22, 23, 24, 25));
    expect(await checkpoint?.load("b.weight")).toEqual(await base.load("b.weight"));
    expect(card.checkpoints[1]?.id).toBe(checkpoint?.id);
  });

  test("get ids of their own that never come to mean other weights", async () => {
    const experts = open();
    const ids = [await experts.add(made(1)), await experts.add(made(1, "run-2"))].map(({ id }) => id);
    expect(ids).toEqual(["my-digits", "my-digits-2"]);
    experts.forget("my-digits");
    expect(experts.model("my-digits")).toBeUndefined();
    expect((await experts.add(made(1, "run-3"))).id).toBe("my-digits-3");
    expect((await experts.add({ ...made(1, "run-4"), label: "digits" })).id).toBe("digits-2");
  });

  test("are refused when they do not fit the base or are no numbers", async () => {
    const short = { ...made(1), tensors: new Map([["a.weight", new Float32Array(5)]]) };
    await expect(open().add(short)).rejects.toMatchObject({ code: "model/shape-mismatch" });
    const wild = { ...made(1), tensors: new Map([["a.weight", new Float32Array(6).fill(Number.NaN)]]) };
    await expect(open().add(wild)).rejects.toMatchObject({ code: "model/non-finite" });
  });
});

describe("experts that were kept", () => {
  test("come back from their files with id, label, steps and content", async () => {
    const before = open();
    await before.add(made(10));
    const card = await before.add(made(20));
    const after = open();
    for (const record of before.records()) after.restore(await reread(record));
    expect(after.cards()).toEqual([card]);
    const checkpoint = await after.model("my-digits")?.checkpoint(20);
    expect(checkpoint?.id).toBe(card.checkpoints[1]?.id);
    expect(await checkpoint?.load("a.weight")).toEqual(Float32Array.of(20, 21, 22, 23, 24, 25));
    expect(await checkpoint?.load("b.weight")).toEqual(await base.load("b.weight"));
  });

  test("are gone on with: another checkpoint of the same training joins them", async () => {
    const [before, after] = [open(), open()];
    await before.add(made(10));
    for (const record of before.records("run-1")) after.restore(record);
    const card = await after.add(made(20));
    expect(card.checkpoints.map(({ step }) => step)).toEqual([10, 20]);
    expect(before.records("run-2")).toEqual([]);
  });

  test("have their task only where it is open", async () => {
    const [before, after] = [open(), open([])];
    await before.add(made(10));
    for (const record of before.records()) after.restore(record);
    expect(after.cards()[0]).not.toHaveProperty("task");
    expect(after.model("my-digits")).not.toHaveProperty("task");
  });

  test("keep their ids from new experts, and take a free one where theirs is another's", async () => {
    const [before, after] = [open(), open()];
    await before.add(made(10));
    const [record] = before.records();
    expect((await after.add(made(5, "run-2"), undefined, (id) => id === "my-digits")).id).toBe("my-digits-2");
    expect(after.restore(record).id).toBe("my-digits");
    const late = open();
    await late.add(made(5, "run-2"));
    expect(late.restore(record)).toMatchObject({ id: "my-digits-2", label: "My Digits (2)" });
  });

  test("are refused over another base, with tensors that it lacks, and when the file is none of ours", async () => {
    const before = open();
    await before.add(made(10));
    const [record] = before.records();
    const stranger = { ...record, about: { ...record.about, base: record.about.checkpoint } };
    expect(() => open().restore(stranger)).toThrow("another base");
    const odd = { ...record, tensors: new Map([["c.weight", new Float32Array(1)]]) };
    expect(() => open().restore(odd)).toThrow("c.weight has 1 values");
    const nameless = { ...record, about: { ...record.about, run: "" } };
    await expect(reread(nameless)).rejects.toMatchObject({ code: "file/malformed" });
  });
});
