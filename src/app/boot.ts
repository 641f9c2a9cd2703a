/**
 * Starts the app: shipped results first, then the workers, then the flows. The recipe lives in the store and is never
 * lost.
 */
import { sortDrop } from "#core/library/sort-drop.ts";
import { removeExpert } from "#core/recipe/edit.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import { OWN_FAMILY } from "#core/zoo.ts";
import type { DroppedFile } from "#workers/protocol/api.ts";
import { installCommands } from "./commands.ts";
import { exchangeOf } from "./exchange.ts";
import { offerTasks, reviewTasks } from "./flow/added-tasks.ts";
import { fetchFamilies, fetchShipped } from "./flow/families.ts";
import { droppedFile, openFiles } from "./flow/open-files.ts";
import { offerOutputs, ownOf, takeOffer, withFiles, withOwnFiles } from "./flow/own.ts";
import { adopt, byContent, familyOf, openRecipeText, recipeToHash } from "./flow/recipes.ts";
import { againWith, takeRepair, withDecided } from "./flow/repairs.ts";
import { saveModel, saveRecipe } from "./flow/save.ts";
import { createSessions, type OpenFamily } from "./flow/sessions.ts";
import { reportOnTest } from "./flow/test-report.ts";
import { type Addressed, followAddress, recipeOfAddress, rememberPinned, rememberView } from "./remember.ts";
import { expertCard } from "./selectors.ts";
import { FIRST_FAMILY } from "./slices/library.ts";
import { store } from "./store.ts";
import { tell } from "./tell.ts";

const sessions = createSessions(store);
let work = new AbortController();

/** Starts everything once; the page needs nothing else. */
export function startApp(): void {
  rememberView(store);
  installCommands({
    openFiles: (files) => during((open, signal) => openDropped(open, files, signal)),
    openFamily: (id, recipe) => told(sessions.change(id, recipe)),
    openOwn(offer, logits) {
      const source = takeOffer(offer, logits);
      if (source) told(sessions.changeToOwn(source));
    },
    openRepaired: (offer, by) => during((open, signal) => openDecided(open, takeRepair(offer, by), signal)),
    repairAnew: (expert, path, by) =>
      during((open, signal) => openDecided(open, againWith(open.dropped, path, by), signal, expert)),
    reviewTasks: (offer) =>
      during(({ session, source }, signal) => reviewTasks(session, source, offer, signal)),
    addTasks: (offer, tasks) => during((_, signal) => sessions.addTasks(offer, tasks, signal)),
    forgetExpert: (id) => during((open) => forget(open, id)),
    saveModel: (as, options = {}) => during(({ session }, signal) => saveModel(session, as, options, signal)),
    saveRecipe: () => during(({ session }, signal) => saveRecipe(session, signal)),
    openRecipeText(text) {
      const { open } = sessions;
      openRecipeText(store, text, open ? { find: byContent(open.session, work.signal) } : {});
    },
    copyLink: () => during(copyLink),
    cancel,
    reportOnTest: () => during(({ session, live }, signal) => reportOnTest(session, live.baselines, signal)),
    exchange: (command) => during(async ({ session }, signal) => command(exchangeOf(session, signal))),
    work: (command) => during(async ({ gradients }) => command(gradients)),
    storage: (command) => during(async ({ kept }) => command(kept)),
    pass: (command) => during(async ({ live }) => command(live.passes)),
  });
  void begin();
}

async function begin(): Promise<void> {
  const [wanted, shipped, families] = await Promise.all([
    addressed(),
    fetchShipped(FIRST_FAMILY),
    fetchFamilies(),
  ]);
  store.setState({ families });
  const family = wanted && familyOf(store, wanted.recipe, wanted.family);
  if (family && family.id !== FIRST_FAMILY) await sessions.change(family.id, wanted.recipe);
  else await sessions.begin(FIRST_FAMILY, wanted?.recipe, shipped);
  rememberPinned(store);
  followAddress(store, followed, (error) => tell(store, error));
}

/** A recipe that Back or Forward has brought, and its family if another one is open. */
function followed({ recipe, family: named }: Addressed): void {
  const family = familyOf(store, recipe, named ?? FIRST_FAMILY);
  const isOpen = store.getState().library?.base.id === recipe.base;
  if (!family && !isOpen && sessions.knowsOwn(recipe.base)) told(sessions.change(OWN_FAMILY, recipe));
  else if (family && family.id !== store.getState().family) told(sessions.change(family.id, recipe));
  else adopt(store, recipe);
}

/** The recipe that the page was opened with; a damaged one is told and then ignored. */
async function addressed(): Promise<Addressed | undefined> {
  try {
    return await recipeOfAddress();
  } catch (error) {
    tell(store, error);
    return undefined;
  }
}

/** Models with examples make one's own family anew; examples alone are offered as tasks of what is open. */
async function openDropped(open: OpenFamily, files: readonly File[], signal: AbortSignal): Promise<void> {
  const given = files.map(droppedFile);
  const { source, session } = open;
  const own = ownOf(source);
  const { models, data } = sortDrop(given);
  if (own && typeof source !== "string" && models.length > 0 && data.length > 0) {
    return sessions.changeToOwn(withFiles(source, given));
  }
  const { isAny, examples } = await openFiles(session, given, signal, { mayOffer: true });
  if (isAny) open.dropped.push(...given);
  if (examples.length === 0) return;
  try {
    await offerTasks(session, source, examples, signal);
  } catch (error) {
    const isAsked = own !== undefined && offerOutputs(store, withOwnFiles(own, examples), error);
    if (!isAsked) throw error;
  }
}

/** Opens files whose entries that are no numbers the user has decided on. @param instead the expert that they stand in for */
async function openDecided(
  { session, dropped }: OpenFamily,
  files: readonly DroppedFile[] | undefined,
  signal: AbortSignal,
  instead?: ExpertId,
): Promise<void> {
  if (!files) return;
  const { isAny } = await openFiles(session, files, signal, { instead });
  if (isAny) dropped.splice(0, dropped.length, ...withDecided(dropped, files));
}

/** Runs a command with what is open; failures become notices. Before anything is, the command says so. */
function during(command: (open: OpenFamily, signal: AbortSignal) => Promise<void>): void {
  const { open } = sessions;
  if (!open) {
    store.getState().notify({
      kind: "info",
      code: "starting",
      message: "The workers are still starting. Try again in a moment.",
    });
    return;
  }
  told(command(open, work.signal));
}

function told(done: Promise<void>): void {
  done.catch((error: unknown) => tell(store, error));
}

function cancel(): void {
  work.abort();
  work = new AbortController();
  sessions.open?.live.cancel();
}

/** Its files are not opened again after a crash, or when the family is. */
async function forget({ session: { engine }, dropped }: OpenFamily, id: string): Promise<void> {
  const { edit, removeExpert: removeCard } = store.getState();
  const card = expertCard(store.getState(), id);
  const paths = new Set(card?.source === "dropped" ? card.checkpoints.map(({ file }) => file) : []);
  dropped.splice(0, dropped.length, ...dropped.filter(({ path }) => !paths.has(path)));
  edit((recipe) => removeExpert(recipe, id));
  removeCard(id);
  await engine.models({ signal: work.signal }, (api) => api.forget(id));
}

async function copyLink(): Promise<void> {
  const { recipe, family, notify } = store.getState();
  if (!recipe) return;
  await navigator.clipboard.writeText(new URL(await recipeToHash(recipe, family), location.href).href);
  notify({ kind: "info", code: "link-copied", message: "" });
}
