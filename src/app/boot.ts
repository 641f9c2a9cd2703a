/**
 * Starts the app: shipped results first, then the workers, then the flows. A crash of a worker starts a new session
 * and replays what the user had open; the recipe lives in the store and is never lost.
 */
import { presets } from "#core/catalog.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { removeExpert, setAllSteps } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { parseRecipe } from "#core/recipe/parse.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { FIRST_PRESET, type ShippedResults } from "#core/shipped.ts";
import { startEngine } from "./bridge/engine.ts";
import { installCommands } from "./commands.ts";
import { type Live, startLive } from "./flow/live.ts";
import { openFiles } from "./flow/open-files.ts";
import { adopt, openRecipeText, recipeToHash } from "./flow/recipes.ts";
import { saveModel, saveRecipe } from "./flow/save.ts";
import { reportOnTest } from "./flow/test-report.ts";
import { type GradientWork, startGradientWork } from "./gradient-work.ts";
import { followAddress, recipeOfAddress, rememberPinned, rememberView } from "./remember.ts";
import type { Session } from "./session.ts";
import { store } from "./store.ts";
import { tell } from "./tell.ts";

/** The family that opens by itself. Relative, so that the app works from any folder of a host. */
const FAMILY = new URL("zoo/vision/family.json", document.baseURI).href;
/** A worker that keeps dying is not started for ever. */
const MAX_RESTARTS = 5;

/** Files that the user dropped, kept as handles so that a new session can read them again. */
const dropped: File[] = [];
let session: Session | undefined;
let live: Live | undefined;
let gradients: GradientWork | undefined;
let work = new AbortController();
let restarts = 0;

/** Starts everything once; the page needs nothing else. */
export function startApp(): void {
  rememberView(store);
  installCommands({
    openFiles: (files) =>
      during(async (open, signal) => {
        if (await openFiles(open, files, signal)) dropped.push(...files);
      }),
    forgetExpert: (id) => during((open) => forget(open, id)),
    saveModel: (as, task) => during((open, signal) => saveModel(open, as, task, signal)),
    saveRecipe: () => during((open, signal) => saveRecipe(open, signal)),
    openRecipeText: (text) => openRecipeText(store, text),
    copyLink: () => during(copyLink),
    cancel,
    reportOnTest: () => during((open, signal) => reportOnTest(open, live?.baselines, signal)),
    work: (command) =>
      during(async () => {
        if (gradients) command(gradients);
      }),
  });
  void begin();
}

async function begin(): Promise<void> {
  const [wanted, shipped] = await Promise.all([addressed(), fetchShipped()]);
  if (shipped) showShipped(shipped, wanted);
  await openSession(wanted);
  rememberPinned(store);
  followAddress(
    store,
    (recipe) => adopt(store, recipe),
    (error) => tell(store, error),
  );
}

/** The recipe that the page was opened with; a damaged one is told and then ignored. */
async function addressed(): Promise<Recipe | undefined> {
  try {
    return await recipeOfAddress();
  } catch (error) {
    tell(store, error);
    return undefined;
  }
}

/** First paint: the zoo's own results stand in until the workers answer. */
function showShipped(shipped: ShippedResults, wanted: Recipe | undefined): void {
  const { setLibrary, patchRuns, putReport, putStats } = store.getState();
  setLibrary(shipped.library, "shipped");
  takeRecipe(wanted, shipped.recipe);
  patchRuns({
    summary: shipped.summary,
    trajectories: Object.fromEntries(Object.entries(shipped.own).map(([expert, own]) => [expert, { own }])),
    stepProbes: { key: recipeKey(setAllSteps(shipped.recipe, undefined)), points: shipped.steps },
    shownKey: shipped.report.recipeKey,
    againstAverage: { key: shipped.report.recipeKey, tasks: shipped.againstAverage },
  });
  putStats(shipped.stats);
  putReport(shipped.report);
}

async function openSession(wanted: Recipe | undefined): Promise<void> {
  const engine = startEngine({
    onMemory: (worker, bytes) => {
      const { memory, patchRuns } = store.getState();
      patchRuns({ memory: { ...memory, [worker]: bytes } });
    },
    onCrash: (reason) => void recover(reason),
  });
  const opened: Session = { engine, store };
  const { signal } = new AbortController();
  try {
    const [library, info] = await Promise.all([
      engine.models({ signal }, (api, job) => api.openZoo(job, FAMILY)),
      engine.info,
      engine.evaluate({ signal }, (api, job) => api.openZoo(job, FAMILY)),
    ]);
    store.getState().patchRuns({ engine: info });
    store.getState().setLibrary(library, "ready");
    takeRecipe(store.getState().recipe ?? wanted, defaultRecipe(library, firstPreset()));
    session = opened;
    if (dropped.length > 0) await openFiles(opened, dropped, signal);
    live = startLive(opened, (error) => tell(store, error));
    gradients = startGradientWork(opened);
  } catch (error) {
    engine.stop();
    if (!store.getState().library) store.getState().failLibrary();
    store.getState().patchRuns({ phase: "failed" });
    tell(store, error);
  }
}

function firstPreset() {
  return presets.find(({ id }) => id === FIRST_PRESET) ?? "task-arithmetic";
}

/** Takes the wanted recipe if it fits, else tells why and takes the other. */
function takeRecipe(wanted: Recipe | undefined, other: Recipe): void {
  try {
    adopt(store, wanted ?? other);
  } catch (error) {
    tell(store, error);
    store.getState().setRecipe(other);
  }
}

async function recover(reason: string): Promise<void> {
  live?.stop();
  live = undefined;
  gradients?.stop();
  gradients = undefined;
  session = undefined;
  work = new AbortController();
  store.getState().notify({ kind: "error", code: "worker/crashed", message: reason });
  store.getState().patchRuns({ phase: "starting", progress: undefined });
  restarts += 1;
  if (restarts <= MAX_RESTARTS) await openSession(undefined);
  else store.getState().patchRuns({ phase: "failed" });
}

/** Runs a command with the session; failures become notices. Before the session is there, the command says so. */
function during(command: (open: Session, signal: AbortSignal) => Promise<void>): void {
  if (!session) {
    store.getState().notify({
      kind: "info",
      code: "starting",
      message: "The workers are still starting. Try again in a moment.",
    });
    return;
  }
  command(session, work.signal).catch((error: unknown) => tell(store, error));
}

function cancel(): void {
  work.abort();
  work = new AbortController();
  live?.cancel();
}

async function forget({ engine }: Session, id: string): Promise<void> {
  const { edit, removeExpert: removeCard } = store.getState();
  edit((recipe) => removeExpert(recipe, id));
  removeCard(id);
  await engine.models({ signal: work.signal }, (api) => api.forget(id));
}

async function copyLink(): Promise<void> {
  const { recipe, notify } = store.getState();
  if (!recipe) return;
  await navigator.clipboard.writeText(new URL(await recipeToHash(recipe), location.href).href);
  notify({ kind: "info", code: "link-copied", message: "" });
}

/** The zoo's shipped results, or undefined where a zoo has none or they cannot be read. */
async function fetchShipped(): Promise<ShippedResults | undefined> {
  try {
    const response = await fetch(new URL("results.json", FAMILY));
    if (!response.ok) return undefined;
    const results: ShippedResults = await response.json();
    return results.version === 1 ? { ...results, recipe: parseRecipe(results.recipe) } : undefined;
  } catch {
    return undefined;
  }
}
