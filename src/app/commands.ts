/**
 * What the page can ask for beyond pure edits. The flows install it at start; components call it and never wait:
 * results and failures arrive in the store (reports, notices).
 */
export interface Commands {
  /** Opens dropped files as experts or checkpoints, or as a recipe (JSON). Refusals become notices, one per file. */
  openFiles(files: readonly File[]): void;
  forgetExpert(id: string): void;
  /** Saves the merged model; for per-task methods `task` says whose. */
  saveModel(as: "safetensors" | "onnx", task?: string): void;
  saveRecipe(): void;
  /** Opens a recipe from text: our JSON, or a link. */
  openRecipeText(text: string): void;
  /** Copies a link to the recipe; the recipe travels in the part of the URL that no server sees. */
  copyLink(): void;
  /** Stops what is running; the recipe and what is known stay. */
  cancel(): void;
  /** Evaluates the recipe on the test split once, for the report. */
  reportOnTest(): void;
}

let installed: Commands | undefined;

export function installCommands(commands: Commands): void {
  installed = commands;
}

/** The installed commands. @throws Error before the app has started */
export function commands(): Commands {
  if (!installed) throw new Error("the app has not started");
  return installed;
}
