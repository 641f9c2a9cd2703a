/** `merge`: writes the merged model, and says that it is there when it has been read back. */
import type { Context } from "#core/context.ts";
import { AppError } from "#core/errors.ts";
import { openModelFile } from "#core/formats/index.ts";
import { type ExportRequest, exportModel } from "#core/library/export.ts";
import { type Streamed, streamModel } from "#core/library/export-stream.ts";
import type { Merger } from "#core/merge/merger.ts";
import { createMerger } from "#core/merge/run.ts";
import { contentIdOf } from "#core/model/content-id.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { dtypeInfo } from "#core/tensor/dtype.ts";
import { sizeOf } from "#core/tensor/tensor.ts";
import { OutputError } from "./exit.ts";
import { OpenFiles } from "./file-source.ts";
import type { Loaded } from "./load.ts";
import type { Options } from "./options.ts";
import { OutputFile } from "./output-file.ts";
import { sha256 } from "./sha256.ts";

/** Bytes of task vectors to keep for another use: none, every tensor is finished with when the next one comes. */
const NOTHING_HELD = 0;

export interface Merged extends Streamed {
  readonly path: string;
  readonly tensors: number;
}

/** @throws OutputError, what merging throws */
export async function merge(
  recipe: Recipe,
  { library }: Loaded,
  options: Options,
  { kernels, context }: { readonly kernels: Parameters<typeof createMerger>[1]; readonly context: Context },
): Promise<Merged> {
  const { out: path = "", as, force } = options;
  const merger = createMerger(library, kernels, { budget: NOTHING_HELD, now: () => performance.now() });
  const request = { recipe, task: options.tasks[0], hideNames: options.hideNames };
  const { tensors } = await merger.outline(recipe);
  const bytes = tensors.reduce((sum, { spec }) => sum + sizeOf(spec.shape) * dtypeInfo[spec.dtype].bytes, 0);
  const out = await OutputFile.create(path, force, bytes);
  try {
    const written = await (as === "onnx"
      ? writeWhole(library, merger, { ...request, as }, out, context)
      : writeStreamed(library, merger, request, out, context));
    await out.commit();
    return { ...written, path, tensors: library.base.tensors.size };
  } finally {
    await out.discard();
  }
}

async function writeStreamed(
  library: Loaded["library"],
  merger: Merger,
  request: Omit<ExportRequest, "as">,
  out: OutputFile,
  context: Context,
): Promise<Streamed> {
  const written = await streamModel(library, merger, request, out, context, sha256);
  const files = new OpenFiles();
  try {
    const file = await openModelFile(await files.source(out.temporary), out.temporary);
    const found = await contentIdOf(file, context, sha256);
    if (found !== written.content) {
      throw new AppError(
        "export/failed",
        "The written file does not hold what was merged: is the disk sound?",
        {
          expected: written.content,
          found,
        },
      );
    }
  } finally {
    await files.close();
  }
  return written;
}

/** ONNX has one message for everything, so the model is held; `exportModel` reads it back itself. */
async function writeWhole(
  library: Loaded["library"],
  merger: Merger,
  request: ExportRequest,
  out: OutputFile,
  context: Context,
): Promise<Streamed> {
  const { pieces, content } = await exportModel(library, merger, request, context);
  let at = 0;
  for (const piece of pieces) {
    await out.write(piece, at);
    at += piece.byteLength;
  }
  if (at === 0) throw new OutputError("Nothing was written.");
  return { content, byteLength: at };
}
