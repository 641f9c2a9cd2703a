/** The command, from its arguments to its exit code. */
import { createMerger } from "#core/merge/run.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { simdKernels } from "#kernels/simd.ts";
import { type ExitCode, exits, explain } from "./exit.ts";
import { OpenFiles } from "./file-source.ts";
import { help } from "./help.ts";
import { type Loaded, load, type Tools } from "./load.ts";
import { merge } from "./merge.ts";
import { type Options, readOptions } from "./options.ts";
import { findingLine, plan, planLines } from "./plan.ts";
import { contextOf, megabytes, seconds, type Terminal } from "./terminal.ts";

/** Runs the command; what goes wrong is said on the terminal. */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const files = new OpenFiles();
  try {
    const options = readOptions(args);
    if (options === "help") {
      terminal.print(help.trimEnd());
      return exits.done;
    }
    return await carryOut(options, files, terminal, signal);
  } catch (error) {
    const { code, message } = explain(error);
    terminal.say(message);
    return code;
  } finally {
    await files.close();
  }
}

async function carryOut(
  options: Options,
  files: OpenFiles,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const shown = options.quiet ? { ...terminal, progress() {} } : terminal;
  const kernels = simdKernels();
  const toolsFor = (word: string): Tools => ({ files, kernels, context: contextOf(word, shown, signal) });
  const begun = performance.now();
  const opened = await load(options, toolsFor("reading"));
  const loaded = { ...opened, loadSeconds: (performance.now() - begun) / 1000 };
  for (const finding of loaded.findings) terminal.say(findingLine(finding));
  const { recipe } = loaded;
  const isSound = !loaded.findings.some(({ severity }) => severity === "error");
  if (!recipe || (!isSound && options.command !== "plan")) return exits.recipe;

  switch (options.command) {
    case "plan":
      await showPlan(recipe, loaded, options, terminal, toolsFor("planning"));
      break;
    case "merge":
      await showMerge(recipe, loaded, options, terminal, toolsFor("merging"));
      break;
    case "eval":
      await showEval(recipe, loaded, options, terminal, toolsFor("measuring"));
      break;
    default:
      options.command satisfies never;
  }
  return isSound ? exits.done : exits.recipe;
}

async function showPlan(
  recipe: Recipe,
  loaded: Loaded & { readonly loadSeconds: number },
  options: Options,
  terminal: Terminal,
  tools: Tools,
): Promise<void> {
  const merger = createMerger(loaded.library, tools.kernels, { budget: 0 });
  const report = await plan(recipe, recipeKey(recipe), loaded, merger, tools);
  if (options.json) terminal.print(JSON.stringify(report, undefined, 1));
  else for (const line of planLines(report)) terminal.print(line);
}

async function showMerge(
  recipe: Recipe,
  loaded: Loaded,
  options: Options,
  terminal: Terminal,
  tools: Tools,
): Promise<void> {
  const begun = performance.now();
  const merged = await merge(recipe, loaded, options, tools);
  const took = (performance.now() - begun) / 1000;
  const peak = process.resourceUsage().maxRSS * 1024;
  const isAsSaved = loaded.saved?.output === undefined ? undefined : loaded.saved.output === merged.content;
  if (options.json) {
    terminal.print(JSON.stringify({ ...merged, seconds: took, peakBytes: peak, isAsSaved }));
    return;
  }
  terminal.print(`${merged.path}  ${megabytes(merged.byteLength)}  ${merged.content}`);
  terminal.say(
    `${merged.tensors} tensors in ${seconds(took)}, ${(merged.byteLength / 1e6 / took).toFixed(0)} MB/s, at most ${megabytes(peak)} of memory`,
  );
  if (isAsSaved !== undefined) {
    terminal.say(
      isAsSaved
        ? "Bit for bit what the recipe gave when it was saved."
        : "Not what the recipe gave when it was saved: another version computes differently.",
    );
  }
}

async function showEval(
  recipe: Recipe,
  loaded: Loaded,
  options: Options,
  terminal: Terminal,
  tools: Tools,
): Promise<void> {
  // Loaded late: a runtime of 12 MB that the other commands do not need.
  const { evaluate, reportLines } = await import("./eval.ts");
  const merger = createMerger(loaded.library, tools.kernels);
  const report = await evaluate(recipe, loaded, merger, options, tools.context);
  if (options.json) terminal.print(JSON.stringify(report, undefined, 1));
  else for (const line of reportLines(report)) terminal.print(line);
}
