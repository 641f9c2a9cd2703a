/**
 * Models worker: owns every tensor byte of the session.
 *
 * No rules live here. It lends core the platform (fetch, files, a clock, ports) and turns core's results into messages.
 */
import { expose } from "comlink";
import { areExamples } from "#core/data/array-pairs.ts";
import { AppError, isAppError } from "#core/errors.ts";
import { evidenceFileName, isEvidence, writeEvidence } from "#core/evidence/file.ts";
import { ancestryOf, findByContent } from "#core/library/ancestry.ts";
import type { MergedFile } from "#core/library/dropped-experts.ts";
import { exportModel } from "#core/library/export.ts";
import { adapterReach, exportAdapter } from "#core/library/export-adapter.ts";
import { exportRegion } from "#core/library/export-region.ts";
import { rederive } from "#core/library/rederive.ts";
import { sealRecipe } from "#core/library/seal.ts";
import { type DroppedModel, sortDrop } from "#core/library/sort-drop.ts";
import { ZooLibrary } from "#core/library/zoo-library.ts";
import { mergedDifference } from "#core/merge/difference.ts";
import type { Merger } from "#core/merge/merger.ts";
import { describeMasks } from "#core/merge/overlap.ts";
import { createMerger } from "#core/merge/run.ts";
import type { OpenResult } from "#core/summary.ts";
import { simdKernels } from "#kernels/simd.ts";
import { warmUp } from "#kernels/warm-up.ts";
import { answerCheckpoints } from "./checkpoint-port.ts";
import { cancelJob, type JobContext, runJob } from "./jobs.ts";
import { KeptWork } from "./kept.ts";
import { configText, openDropped } from "./own-files.ts";
import type { DroppedFile, FamilySource, ImageMessage, ModelsApi, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import { SavedRuns } from "./saved-runs.ts";
import { openFamily } from "./zoo-family.ts";

/** The media type of files. */
const BINARY = "application/octet-stream";

const kernels = simdKernels();
warmUp(kernels);

let events: MessagePort | undefined;
let toEval: MessagePort | undefined;
const runs = new SavedRuns();
const kept = new KeptWork((failure) => {
  emit({ type: "kept", ...(failure && { failure: { code: failure.code, message: failure.message } }) });
});
let lent: MessagePort | undefined;
let zoo: OpenZoo | undefined;

interface OpenZoo {
  readonly source: FamilySource;
  readonly library: ZooLibrary;
  readonly merger: Merger;
}

const api: ModelsApi = {
  connect(eventsPort, evalPort) {
    events = eventsPort;
    toEval = evalPort;
  },

  lend(port) {
    lent?.close();
    lent = port;
    answerCheckpoints(port, open, kept);
  },

  savedRuns: () => runs.list(),
  forgetRun: (run) => runs.forget(run),

  restore: async () => kept.restore(open().library),
  setKeeping: (isKeeping) => kept.setKeeping(isKeeping, zoo?.library),
  kept: () => kept.list(),
  removeKept: (keys) => kept.remove(keys),
  async clearKept() {
    for (const { id, isRunning } of await runs.list()) if (!isRunning) await runs.forget(id);
    await kept.clear();
  },

  openZoo(job, source) {
    return runJob(job, emit, async (context) => {
      const files = await openFamily(source, { signal: context.signal });
      const library = await ZooLibrary.open(files, kernels, context);
      zoo = {
        source,
        library,
        merger: createMerger(library, kernels, { now: () => performance.now() }),
      };
      return library.card();
    });
  },

  retask(job, source) {
    return runJob(job, emit, async ({ signal }) => {
      const now = open();
      now.library.retask(await openFamily(source, { signal }));
      zoo = { ...now, source };
      return now.library.card();
    });
  },

  open(job, files) {
    return runJob(job, emit, async (context) => {
      const { library } = open();
      const results: OpenResult[] = [];
      for (const model of sortDrop(files).models) results.push(await take(library, model, context));
      return results;
    });
  },

  async forget(expert) {
    const { library } = open();
    library.forget(expert);
    await kept.forgetExpert(library.base.id, expert);
  },

  merge(job, recipe, image) {
    return runJob(job, emit, async (context) => {
      const { merger } = open();
      const summary = await merger.merge(
        recipe,
        image,
        (name, rows) => post({ type: "tensor", image, name, rows }, rows),
        context,
      );
      const tasks = merger.rowTasks(recipe);
      const { revision, routing } = summary;
      post({ type: "commit", image, revision, ...(tasks && { tasks }), ...(routing && { routing }) });
      emit({ type: "memory", bytes: merger.bytes });
      return summary;
    });
  },

  longPass: (job, recipe) => runJob(job, emit, () => open().merger.longPass(recipe)),

  describe: (job, recipe) => runJob(job, emit, (context) => open().merger.describe(recipe, context)),

  describeMasks: (job, recipe) =>
    runJob(job, emit, (context) => describeMasks(open().merger, recipe, context)),

  exportRegion(job, recipe, expert) {
    return runJob(job, emit, async (context) => {
      const { library, merger } = open();
      const { pieces, ...saved } = await exportRegion(library, merger, recipe, expert, context);
      return { ...saved, blob: new Blob([...pieces], { type: BINARY }) };
    });
  },

  exportEvidence(job, id) {
    return runJob(job, emit, async () => {
      const kept = open().library.evidenceStore.get(id);
      if (!kept)
        throw new AppError("recipe/missing-evidence", "This measurement is not here any more.", { id });
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      for await (const piece of writeEvidence(kept)) pieces.push(piece);
      return { fileName: evidenceFileName(kept), blob: new Blob(pieces, { type: BINARY }) };
    });
  },

  async forgetEvidence(id) {
    open().library.evidenceStore.forget(id);
    await kept.forgetEvidence(id);
  },

  export(job, recipe, as, task, hideNames) {
    return runJob(job, emit, async (context) => {
      const { library, merger } = open();
      const request = { recipe, as, task, hideNames };
      const { pieces, ...saved } = await exportModel(library, merger, request, context);
      return { ...saved, blob: new Blob([...pieces], { type: BINARY }) };
    });
  },

  findByContent: (job, inputs) => runJob(job, emit, () => findByContent(open().library, inputs)),

  ancestry: (job, expert, step) =>
    runJob(job, emit, () => ancestryOf(mergedFile(expert, step).made, open().library)),

  rederive: (job, expert, step) =>
    runJob(job, emit, (context) => {
      const { file, made } = mergedFile(expert, step);
      return rederive(open().library, kernels, file, made, context);
    }),

  difference: (job, recipe, from) =>
    runJob(job, emit, (context) => {
      const { library, merger } = open();
      return mergedDifference(merger, library, kernels, [recipe, from], context);
    }),

  adapterReach: (job, recipe) =>
    runJob(job, emit, (context) => adapterReach(open().merger, kernels, recipe, context)),

  exportAdapter(job, recipe, rank) {
    return runJob(job, emit, async (context) => {
      const { library, merger } = open();
      const { files, ...saved } = await exportAdapter(library, merger, kernels, { recipe, rank }, context);
      const blobs = files.map(({ fileName, pieces }) => ({
        fileName,
        blob: new Blob([...pieces], { type: BINARY }),
      }));
      return { ...saved, files: blobs };
    });
  },

  seal(job, recipe) {
    return runJob(job, emit, (context) => {
      const { library, merger } = open();
      return sealRecipe(library, merger, recipe, context);
    });
  },

  cancel: cancelJob,
};

/** A file that cannot be taken is an answer, not a failure of the job: others may be fine. */
async function take(
  library: ZooLibrary,
  model: DroppedModel<DroppedFile>,
  context: JobContext,
): Promise<OpenResult> {
  const { path, nonFinite } = model.file;
  try {
    const opened = await openDropped(model);
    if (areExamples([...opened.tensors.keys()])) return { ok: true, file: path, isExamples: true };
    if (isEvidence(opened)) return { ok: true, file: path, evidence: await library.addEvidence(opened) };
    const config = await configText(model.config);
    return { ok: true, file: path, expert: await library.add(opened, path, context, { config, nonFinite }) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, message, details } = error;
    return { ok: false, file: path, code, message, details };
  }
}

/** @throws AppError recipe/unknown-checkpoint */
function mergedFile(expert: string, step: number): MergedFile {
  const found = open().library.merged(expert, step);
  if (found) return found;
  throw new AppError("recipe/unknown-checkpoint", `“${expert}” does not say how it was merged.`, {
    expert,
    step,
  });
}

function open(): OpenZoo {
  if (!zoo) throw new AppError("model/no-base", "No family of models is open yet.");
  return zoo;
}

/** Rows are moved, not copied. */
function post(message: ImageMessage, rows: readonly Float32Array<ArrayBuffer>[] = []): void {
  toEval?.postMessage(
    message,
    rows.map((row) => row.buffer),
  );
}

function emit(event: WorkerEvent): void {
  events?.postMessage(event);
}

installErrorHandler();
expose(api);
