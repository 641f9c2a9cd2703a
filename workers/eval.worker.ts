/**
 * Eval worker: owns onnxruntime-web, the examples and the merged images.
 *
 * No rules live here. It lends core the platform (fetch, the runtime, ports) and turns core's results into messages.
 */
import { expose } from "comlink";
import { AppError } from "#core/errors.ts";
import { MergedImage } from "#core/eval/image.ts";
import { type OpenEvaluator, openEvaluator } from "#core/eval/open-evaluator.ts";
import { inspectTasks, prepareTasks } from "./added-tasks.ts";
import { abortable, cancelJob, runJob } from "./jobs.ts";
import type { EvalApi, ImageId, ImageMessage, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import { runner, threads } from "./session.ts";
import { openFamily } from "./zoo-family.ts";

const images: Readonly<Record<ImageId, MergedImage>> = { live: new MergedImage(), side: new MergedImage() };
let events: MessagePort | undefined;
let zoo: OpenEvaluator | undefined;

const api: EvalApi = {
  async connect(eventsPort, fromModels) {
    events = eventsPort;
    fromModels.onmessage = ({ data }: MessageEvent<ImageMessage>) => receive(data);
    return { threads: threads(), isolated: self.crossOriginIsolated };
  },

  openZoo(job, source) {
    return runJob(job, emit, async (context) => {
      const files = await openFamily(source, { signal: context.signal });
      const opened = files.family.tasks.length > 0 ? await openEvaluator(files, runner, context) : undefined;
      await zoo?.trunk.release();
      zoo = opened;
      tellMemory();
      if (opened) void readAhead(opened);
    });
  },

  inspectTasks: (job, family, files) =>
    runJob(job, emit, (context) =>
      inspectTasks(
        family,
        files,
        (source) => openFamily(source, { signal: context.signal }),
        runner,
        context,
      ),
    ),

  prepareTasks: (job, family, from) =>
    runJob(job, emit, (context) =>
      prepareTasks(family, from, (source) => openFamily(source, { signal: context.signal }), runner, context),
    ),

  evaluate(job, request) {
    return runJob(job, emit, async (context) => {
      const image = images[request.image];
      await abortable(image.reached(request.revision), context.signal);
      const { evaluator } = open();
      const report = await evaluator.evaluate(request, image, context, (early) =>
        emit({ type: "report", job, report: early }),
      );
      tellMemory();
      return report;
    });
  },

  report: async (...request) => open().evaluator.report(...request),
  compare: async (...request) => open().evaluator.compare(...request),
  flips: async (...request) => open().evaluator.flips(...request),
  predictions: async (...request) => open().evaluator.predictions(...request),
  labels: async (...request) => open().evaluator.labels(...request),
  cancel: cancelJob,
};

function receive(message: ImageMessage): void {
  const image = images[message.image];
  if (message.type === "tensor") image.put(message.name, message.rows);
  else image.commit(message.revision, message.tasks, message.routing);
}

function open(): OpenEvaluator {
  if (!zoo)
    throw new AppError("zoo/unavailable", "There are no examples to evaluate on: drop some with the models.");
  return zoo;
}

/** Hardness is ranked over the whole of validation, so its files follow the quick ones at once. */
async function readAhead({ evaluator, examples }: OpenEvaluator): Promise<void> {
  for (const { id } of evaluator.suite.tasks) {
    // Whoever needs the file asks again, and gets the error told.
    await examples.whole(id, "validation").catch(() => {});
  }
  tellMemory();
}

function tellMemory(): void {
  const bytes = (zoo?.examples.bytes ?? 0) + images.live.bytes + images.side.bytes;
  emit({ type: "memory", bytes });
}

function emit(event: WorkerEvent): void {
  events?.postMessage(event);
}

installErrorHandler();
expose(api);
