/** Puts the fixture into the store, as if the app had started with it; for component tests. */
import {
  type Commands,
  type ExchangeCommands,
  installCommands,
  type PassCommands,
  type StorageCommands,
  type WorkCommands,
} from "#app/commands.ts";
import { store } from "#app/store.ts";
import { setAllSteps, setLambda } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { parseRecipe } from "#core/recipe/parse.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { fixtureLibrary, fixtureRecipe } from "./fixture.ts";
import { fixtureStats, fixtureSummary } from "./fixture-merge.ts";
import { fixtureProbes, fixtureReport, fixtureTrajectories } from "./fixture-report.ts";

/** Calls that a component made: name of the command and its arguments. */
export type Call = readonly [
  keyof Commands | keyof ExchangeCommands | keyof PassCommands | keyof StorageCommands | keyof WorkCommands,
  ...unknown[],
];

/** Fills the store and forgets its history. Returns the list that commands are written to. */
export function openFixture(patch: Partial<Recipe> = {}): readonly Call[] {
  const library = fixtureLibrary();
  const recipe = parseRecipe({ ...fixtureRecipe, ...patch });
  const key = recipeKey(recipe);
  const { setLibrary, setRecipe, unpin, endGesture, patchRuns, putStats, putReport, patchView } =
    store.getState();
  endGesture();
  unpin();
  setLibrary(library, "ready");
  setRecipe(recipe);
  store.temporal.getState().clear();
  patchView({ dialog: undefined, openChip: undefined, language: "en" });
  patchRuns({
    phase: "settled",
    engine: { threads: 2, isolated: true },
    summary: fixtureSummary(library.tensors, recipe, key),
    trajectories: fixtureTrajectories(),
    stepProbes: { key: recipeKey(setAllSteps(recipe, undefined)), points: fixtureProbes() },
    lambdaProbes: {
      key: recipeKey(setLambda(recipe, 1)),
      points: [0.1, 0.3, 0.5, 1].map((lambda) => ({ lambda, mean: 0.9 - (lambda - 0.3) ** 2 })),
    },
    shownKey: key,
  });
  putStats(
    fixtureStats(
      library.tensors,
      library.experts.map(({ id }) => id),
    ),
  );
  putReport(fixtureReport({ key }));
  return recordCommands();
}

function recordCommands(): readonly Call[] {
  const calls: Call[] = [];
  installCommands({
    openFiles: (files) => void calls.push(["openFiles", files]),
    openFamily: (id, recipe) => void calls.push(["openFamily", id, recipe]),
    openOwn: (offer, logits) => void calls.push(["openOwn", offer, logits]),
    openRepaired: (offer, by) => void calls.push(["openRepaired", offer, by]),
    repairAnew: (expert, path, by) => void calls.push(["repairAnew", expert, path, by]),
    reviewTasks: (offer) => void calls.push(["reviewTasks", offer]),
    addTasks: (offer, tasks) => void calls.push(["addTasks", offer, tasks]),
    forgetExpert: (id) => void calls.push(["forgetExpert", id]),
    saveModel: (as, task) => void calls.push(["saveModel", as, task]),
    saveRecipe: () => void calls.push(["saveRecipe"]),
    openRecipeText: (text) => void calls.push(["openRecipeText", text]),
    copyLink: () => void calls.push(["copyLink"]),
    cancel: () => void calls.push(["cancel"]),
    reportOnTest: () => void calls.push(["reportOnTest"]),
    work: (command) => command(recordWork(calls)),
    storage: (command) => command(recordStorage(calls)),
    pass: (command) => command(recordPass(calls)),
    exchange: (command) => command(recordExchange(calls)),
  });
  return calls;
}

function recordStorage(calls: Call[]): StorageCommands {
  return {
    refresh: () => void calls.push(["refresh"]),
    remove: (keys) => void calls.push(["remove", keys]),
    clear: () => void calls.push(["clear"]),
    setKeeping: (isKeeping) => void calls.push(["setKeeping", isKeeping]),
    persist: () => void calls.push(["persist"]),
  };
}

function recordExchange(calls: Call[]): ExchangeCommands {
  const record =
    (name: keyof ExchangeCommands) =>
    (...given: readonly unknown[]) =>
      void calls.push([name, ...given]);
  return {
    applyConfiguration: record("applyConfiguration"),
    writeConfiguration: record("writeConfiguration"),
    saveModelCard: record("saveModelCard"),
    measureAdapter: record("measureAdapter"),
    saveAdapter: record("saveAdapter"),
    showAncestry: record("showAncestry"),
    rederive: record("rederive"),
    measureReadings: record("measureReadings"),
    stopReadings: record("stopReadings"),
  };
}

function recordPass(calls: Call[]): PassCommands {
  const record = (name: keyof PassCommands) => () => void calls.push([name]);
  return {
    pause: record("pause"),
    resume: record("resume"),
    keep: record("keep"),
    cancel: record("cancel"),
    again: record("again"),
    inside: record("inside"),
  };
}

function recordWork(calls: Call[]): WorkCommands {
  const record =
    (name: keyof WorkCommands) =>
    (...given: readonly unknown[]) =>
      void calls.push([name, ...given]);
  return {
    start: record("start"),
    measureMissing: record("measureMissing"),
    askCost: record("askCost"),
    pause: record("pause"),
    resume: record("resume"),
    cancel: record("cancel"),
    dismiss: record("dismiss"),
    forget: record("forget"),
    saveEvidence: record("saveEvidence"),
    forgetEvidence: record("forgetEvidence"),
    applyCoefficients: record("applyCoefficients"),
    measureAddition: record("measureAddition"),
    measureNegation: record("measureNegation"),
    measureDisentanglement: record("measureDisentanglement"),
    measureOtherAddition: record("measureOtherAddition"),
    stopMeasuring: record("stopMeasuring"),
    measureRegions: record("measureRegions"),
    measureGain: record("measureGain"),
    stopRegions: record("stopRegions"),
    saveRegion: record("saveRegion"),
  };
}
