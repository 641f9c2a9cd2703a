/**
 * Examples that were dropped alone become tasks of the open family: they are looked at, offered, and added without
 * giving up anything that is open. The files wait here; notices and dialog name the offer.
 */
import { slug } from "#core/data/dataset.ts";
import type { TaskChoice } from "#core/library/added-tasks.ts";
import type { FoundTask } from "#core/library/found-task.ts";
import type { Shots } from "#core/library/prototypes.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { DroppedFile, ExtendedSource, FamilySource, TaskSource } from "#workers/protocol/api.ts";
import type { Session } from "../session.ts";
import type { AppState, AppStore } from "../store.ts";

/** What the user has decided about a data set that was offered. */
export interface WantedTask extends Omit<TaskChoice, "id"> {
  readonly dataset: string;
  readonly shots: Shots;
}

interface Offer {
  readonly files: readonly DroppedFile[];
  /** The family that they were looked at for, and what was seen. */
  readonly source: FamilySource;
  readonly found: readonly FoundTask[];
}

const offers = new Map<number, Offer>();
let last = 0;

/** Looks at examples and asks whether they should become tasks. @throws AppError data/malformed, eval/graph when they do not fit */
export async function offerTasks(
  session: Session,
  source: FamilySource,
  files: readonly DroppedFile[],
  signal: AbortSignal,
): Promise<void> {
  const found = await whileTelling(session.store, "task/looking", files[0]?.path ?? "", () =>
    inspect(session, source, files, signal),
  );
  offers.set(++last, { files, source, found });
  session.store.getState().notify({
    kind: "offer",
    code: "task/offer",
    message: "",
    subject: found.map(({ label }) => label).join(", "),
    actions: [{ kind: "review-tasks", offer: last }],
  });
}

/** Says what is under way until it is over. */
export async function whileTelling<T>(
  store: AppStore,
  code: string,
  subject: string,
  work: () => Promise<T>,
): Promise<T> {
  store.getState().notify({ kind: "info", code, message: "", subject });
  try {
    return await work();
  } finally {
    const { notices, dismiss } = store.getState();
    for (const { id, code: told } of notices) if (told === code) dismiss(id);
  }
}

/** Shows an offer, looked at anew where another family has been opened since. @throws as offerTasks */
export async function reviewTasks(
  session: Session,
  source: FamilySource,
  id: number,
  signal: AbortSignal,
): Promise<void> {
  const offer = offers.get(id);
  if (!offer) return;
  const isFresh = offer.source === source;
  const found = isFresh ? offer.found : await inspect(session, source, offer.files, signal);
  offers.set(id, { ...offer, source, found });
  session.store.setState({ offeredTasks: { offer: id, found }, dialog: "task" });
}

function inspect(
  { engine }: Session,
  source: FamilySource,
  files: readonly DroppedFile[],
  signal: AbortSignal,
): Promise<readonly FoundTask[]> {
  return engine.evaluate({ signal }, (api, job) => api.inspectTasks(job, source, files));
}

/** Draws the heads of an offer's tasks and returns the family with them. @throws AppError data/malformed, eval/… */
export async function preparedTasks(
  { engine, store }: Session,
  source: FamilySource,
  id: number,
  wanted: readonly WantedTask[],
  signal: AbortSignal,
): Promise<ExtendedSource> {
  const offer = offers.get(id);
  if (!offer) throw new Error(`no offer ${id}`);
  const isExtended = typeof source !== "string" && "family" in source;
  const { family, tasks: before } = isExtended ? source : { family: source, tasks: [] };
  const added = namedTasks(offer, wanted, store.getState().library?.tasks ?? []);
  const whole = { id: `tasks:${++last}`, family, tasks: [...before, ...added] };
  const directions = await engine.evaluate({ signal }, (api, job) =>
    api.prepareTasks(job, whole, before.length),
  );
  return {
    ...whole,
    tasks: [...before, ...added.map((task, i) => ({ ...task, directions: directions[i] }))],
  };
}

function namedTasks(
  { files, found }: Offer,
  wanted: readonly WantedTask[],
  others: LibraryCard["tasks"],
): readonly TaskSource[] {
  const taken = new Set(others.map((task) => task.id));
  return wanted.map((task) => {
    const label = task.label.trim() || (found.find(({ dataset }) => dataset === task.dataset)?.label ?? "");
    const id = freeId(slug(label), taken);
    taken.add(id);
    return { ...task, label, id, files };
  });
}

/** Ids have 32 characters at most; the rest is for the number. */
const MAX_NUMBERED = 28;

function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const id = `${wanted.slice(0, MAX_NUMBERED)}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/**
 * Has both workers take the open family with other tasks; models, measurements and the recipe stay. What fails leaves
 * everything as it was.
 */
export async function retask(
  { engine, store }: Session,
  source: ExtendedSource,
  signal: AbortSignal,
): Promise<void> {
  await engine.evaluate({ signal }, (api, job) => api.openZoo(job, source));
  const library = await engine.models({ signal }, (api, job) => api.retask(job, source));
  forgetNumbers(store);
  store.getState().setLibrary(library, "ready");
}

/** What was measured over the tasks that there were. */
const OVER_TASKS = [
  "reports",
  "shownKey",
  "stepProbes",
  "lambdaProbes",
  "comparison",
  "againstAverage",
  "flips",
  "testReport",
  "addition",
  "otherAddition",
  "negation",
  "disentanglement",
] as const satisfies readonly (keyof AppState)[];

function forgetNumbers(store: AppStore): void {
  const initial = store.getInitialState();
  store.setState(Object.fromEntries(OVER_TASKS.map((key) => [key, initial[key]])));
}
