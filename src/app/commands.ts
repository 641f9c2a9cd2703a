import type { RepairPolicy } from "#core/recipe/repair.ts";
import type { ContentId, ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { WorkRequest } from "#workers/protocol/optimise.ts";
import type { WantedTask } from "./flow/added-tasks.ts";
import type { WorkId } from "./slices/work.ts";

/**
 * What the page can ask for beyond pure edits. The flows install it at start; components call it and never wait:
 * results and failures arrive in the store (reports, notices).
 */
export interface Commands {
  /**
   * Opens dropped files as experts or checkpoints, or as a recipe (JSON). Refusals become notices, one per file; a model
   * that is no expert of the open base becomes an offer to open it as a base, and examples one to add them as a task.
   */
  openFiles(files: readonly File[]): void;
  /** Opens another family of the zoo, or the user's own files again ("own"); with a recipe, once it is open. */
  openFamily(id: string, recipe?: Recipe): void;
  /** Takes up the offer of a notice to open dropped files as a family of their own. */
  openOwn(offer: number, logits?: string): void;
  /** Takes up the offer of a notice to open a file whose entries that are no numbers are replaced. */
  openRepaired(offer: number, by: RepairPolicy): void;
  /** Opens a repaired checkpoint's file with another policy, as an expert in place of the one it is of. */
  repairAnew(expert: ExpertId, path: string, by: RepairPolicy): void;
  /** Shows dropped examples that a notice offers as tasks. */
  reviewTasks(offer: number): void;
  /** Adds them to the open family. */
  addTasks(offer: number, tasks: readonly WantedTask[]): void;
  /** Takes an expert that was dropped in or trained out of the library, the recipe and what is stored. */
  forgetExpert(id: string): void;
  saveModel(as: "safetensors" | "onnx", options?: SaveModelOptions): void;
  saveRecipe(): void;
  /** Opens a recipe from text: our JSON, a link, or a mergekit configuration, which is shown before it is applied. */
  openRecipeText(text: string): void;
  /** Copies a link to the recipe; the recipe travels in the part of the URL that no server sees. */
  copyLink(): void;
  /** Stops what is running; the recipe and what is known stay. */
  cancel(): void;
  /** Evaluates the recipe on the test split once, for the report. */
  reportOnTest(): void;

  /** Commands for everything that takes gradients or scaled task vectors: `commands().work((work) => work.start(…))`. */
  work(command: (work: WorkCommands) => void): void;

  /** Commands for what the recipe's method optimises: `commands().pass((pass) => pass.pause())`. */
  pass(command: (pass: PassCommands) => void): void;

  /** Commands for what is kept of what was made here: `commands().storage((storage) => storage.clear())`. */
  storage(command: (storage: StorageCommands) => void): void;

  /** Commands for what travels to and from other programs: `commands().exchange((exchange) => exchange.rederive())`. */
  exchange(command: (exchange: ExchangeCommands) => void): void;
}

export interface SaveModelOptions {
  /** Whose model, for methods that give one per task. */
  readonly task?: string | undefined;
}

/** Results appear in the store's `openedConfig`, `configuration`, `openedMerge`, `adapter` and `lens`. */
export interface ExchangeCommands {
  /** Makes the shown configuration the recipe. */
  applyConfiguration(): void;
  /** Writes the recipe as a mergekit configuration, once it has been merged. */
  writeConfiguration(): void;
  /** Saves a README with the recipe, its hashes and what was measured. */
  saveModelCard(): void;
  /** Measures how much of the merge LoRA adapters keep, rank by rank. */
  measureAdapter(): void;
  /** Saves the merge as a LoRA adapter: two files. */
  saveAdapter(rank: number): void;
  /** Shows where an expert that is a merge of ours comes from. */
  showAncestry(expert: ExpertId, step: number): void;
  /** Computes the shown merge again and compares. */
  rederive(): void;
  /** Measures the recipe as other programs understand it. */
  measureReadings(): void;
  stopReadings(): void;
}

/** How the recipe's long pass stands is in the store's `passes`; a command that does not fit changes nothing. */
export interface PassCommands {
  pause(): void;
  resume(): void;
  /** Makes the recipe one of as many steps as have been taken. */
  keep(): void;
  /** Stops it; the recipe is not merged until it is begun again. */
  cancel(): void;
  /** Begins it again after it was stopped or has failed; a run that the worker still has goes on. */
  again(): void;
  /** Has the merge make it itself, in the models worker. */
  inside(): void;
}

/** Jobs appear in the store's `work`, saved trainings in `savedRuns`, measurements in `addition` and its like. */
export interface WorkCommands {
  /** Queues training, localisation or another measurement; one runs at a time. */
  start(request: WorkRequest): void;
  /**
   * Has the recipe name the evidence that it reads, where it has been measured, and queues a measurement, with defaults,
   * where not.
   */
  measureMissing(): void;
  /** Asks what a request would take; the answer arrives in `costs`. */
  askCost(request: WorkRequest): void;
  /** Has a training save itself and stop; takes a queued job back. Other kinds cannot pause. */
  pause(id: WorkId): void;
  /** Goes on with a saved training, of this visit or an earlier one. */
  resume(run: string): void;
  /** Stops a job for good and deletes what it saved; experts in the library stay. */
  cancel(id: WorkId): void;
  /** Takes a job that is over off the list. */
  dismiss(id: WorkId): void;
  /** Deletes a saved training. */
  forget(run: string): void;
  saveEvidence(id: ContentId): void;
  /** Lets go of evidence, also of what is stored; the recipe names it no more. */
  forgetEvidence(id: ContentId): void;
  /** Makes the recipe task arithmetic with the coefficients that a job has found. */
  applyCoefficients(id: WorkId): void;

  /** These measure scaled task vectors of the recipe's experts; the newest ends the one under way. */
  measureAddition(): void;
  /** The same of other experts, to be compared with the recipe's. */
  measureOtherAddition(experts: readonly ExpertId[]): void;
  measureNegation(target: ExpertId): void;
  /** On a grid of so many points a side: 7, 13 or 25; the coarser ones come first. */
  measureDisentanglement(first: ExpertId, second: ExpertId, points?: number): void;
  stopMeasuring(): void;

  /** Measures every region of the recipe beside base, expert and random entries; results arrive in `grafted`. */
  measureRegions(): void;
  /** Measures one expert's gain over the base by density. */
  measureGain(expert: ExpertId): void;
  stopRegions(): void;
  /** Saves the expert's region as indices and values. */
  saveRegion(expert: ExpertId): void;
}

/** What is kept is in the store's `kept`. */
export interface StorageCommands {
  /** Reads anew what is stored: another window may have changed it. */
  refresh(): void;
  /** Deletes stored files by name; what is open stays until the page is closed. */
  remove(keys: readonly string[]): void;
  /** Deletes everything that is stored, unfinished trainings with it. */
  clear(): void;
  /** Whether what is made here is stored from now on. */
  setKeeping(isKeeping: boolean): void;
  /** Asks the browser not to delete it by itself. */
  persist(): void;
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
