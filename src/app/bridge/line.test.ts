import { expose } from "comlink";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { WorkerEvent } from "#workers/protocol/api.ts";
import { type Line, openLine } from "./line.ts";

interface Api {
  work(job: number): Promise<string>;
  cancel(job: number): Promise<void>;
}

const ports: MessagePort[] = [];

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A worker of this process: the far end of a channel. `answers` false: it takes everything and says nothing. */
function fakeWorker(answers = true) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const cancelled: number[] = [];
  const ending: ((value: string) => void)[] = [];
  const api: Api = {
    work: () => new Promise((end) => ending.push(end)),
    cancel: async (job) => void cancelled.push(job),
  };
  if (answers) expose(api, port2);
  const terminate = vi.fn();
  const worker = Object.assign(port1, { terminate, onerror: null }) as unknown as Worker;
  return { worker, terminate, cancelled, ending };
}

function open(fake: ReturnType<typeof fakeWorker>, limits: { silenceMs?: number; cancelMs?: number } = {}) {
  const deaths: string[] = [];
  const line: Line<Api> = openLine({
    name: "test",
    worker: fake.worker,
    silenceMs: 60_000,
    ...limits,
    onMemory: () => {},
    onDeath: (reason) => deaths.push(reason),
  });
  ports.push(line.events);
  return { line, deaths };
}

describe("the line to a worker", () => {
  test("leaves an aborted call at once, and has the worker told", async () => {
    const fake = fakeWorker();
    const { line, deaths } = open(fake, { cancelMs: 1_000 });
    const controller = new AbortController();
    const jobs: number[] = [];
    const call = line.call({ signal: controller.signal, onJob: (job) => jobs.push(job) }, (api, job) =>
      api.work(job),
    );
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await line.heard();
    expect(fake.cancelled).toEqual(jobs);
    expect(deaths).toEqual([]);
  });

  test("takes a worker for dead that does not hear a cancel, and ends its calls as crashed", async () => {
    const fake = fakeWorker(false);
    const { line, deaths } = open(fake, { cancelMs: 20 });
    const { signal } = new AbortController();
    const other = line.call({ signal }, (api, job) => api.work(job));
    const crashed = expect(other).rejects.toMatchObject({ code: "worker/crashed" });
    const controller = new AbortController();
    const call = line.call({ signal: controller.signal }, (api, job) => api.work(job));
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await line.heard();
    await crashed;
    expect(deaths).toEqual(["test: no answer to a cancel for 0.02 s"]);
    expect(fake.terminate).toHaveBeenCalledOnce();
    await expect(line.call({ signal }, (api, job) => api.work(job))).rejects.toMatchObject({
      code: "worker/crashed",
    });
  });

  test("hands every event to the call that it belongs to", async () => {
    const fake = fakeWorker();
    const { line } = open(fake);
    const { signal } = new AbortController();
    const emit = (event: WorkerEvent) => line.events.postMessage(event);
    const heard: unknown[] = [];
    let job = 0;
    const call = line.call(
      {
        signal,
        onJob: (id) => {
          job = id;
        },
        onProgress: (...progress) => heard.push(progress),
        onTrace: (points) => heard.push(...points),
      },
      (api, id) => api.work(id),
    );
    await vi.waitFor(() => expect(fake.ending).toHaveLength(1));
    emit({ type: "progress", job: job + 1, done: 9, total: 9 });
    emit({ type: "progress", job, done: 1, total: 2 });
    emit({ type: "trace", job, points: [{ curve: "loss", at: 1, value: 3 }] });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual([[1, 2], { curve: "loss", at: 1, value: 3 }]);
    fake.ending[0]?.("done");
    await expect(call).resolves.toBe("done");
  });
});
