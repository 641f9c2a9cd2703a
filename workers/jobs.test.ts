import { describe, expect, test } from "vitest";
import { abortable, cancelJob, type JobContext, runJob } from "./jobs.ts";
import type { WorkerEvent } from "./protocol/api.ts";

describe("a job", () => {
  test("gives back what its work gives back", async () => {
    await expect(
      runJob(
        1,
        () => {},
        async () => 42,
      ),
    ).resolves.toBe(42);
  });

  test("is stopped by its own id only", async () => {
    const endless = async ({ signal, breathe }: JobContext) => {
      for (;;) {
        signal.throwIfAborted();
        await breathe();
      }
    };
    const job = runJob(1, () => {}, endless);
    const other = runJob(
      2,
      () => {},
      async ({ breathe, signal }) => {
        for (let i = 0; i < 5; i++) await breathe();
        return signal.aborted;
      },
    );
    cancelJob(1);
    cancelJob(99);
    await expect(job).rejects.toMatchObject({ name: "AbortError" });
    await expect(other).resolves.toBe(false);
  });

  test("lets a message in whenever it breathes", async () => {
    const { port1, port2 } = new MessageChannel();
    let isHeard = false;
    port1.onmessage = () => {
      isHeard = true;
    };
    const before = await runJob(
      1,
      () => {},
      async ({ breathe }) => {
        port2.postMessage("cancel");
        // Node hands out up to 1,000 messages of one port at a stretch; browsers take turns at every one.
        for (let i = 0; i < 3000 && !isHeard; i++) await breathe();
        return isHeard;
      },
    );
    port1.close();
    expect(before).toBe(true);
  });

  test("tells the first and the last step, and few between", async () => {
    const events: WorkerEvent[] = [];
    await runJob(
      7,
      (event) => events.push(event),
      async ({ progress }) => {
        for (let done = 1; done <= 1000; done++) progress(done, 1000);
      },
    );
    expect(events[0]).toEqual({ type: "progress", job: 7, done: 1, total: 1000 });
    expect(events.at(-1)).toEqual({ type: "progress", job: 7, done: 1000, total: 1000 });
    expect(events.length).toBeLessThan(20);
  });
});

describe("abortable", () => {
  test("rejects at the signal, and passes everything else through", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(abortable(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    const waiting = abortable(new Promise(() => {}), signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await expect(abortable(Promise.resolve(1), signal)).rejects.toMatchObject({ name: "AbortError" });
  });
});
