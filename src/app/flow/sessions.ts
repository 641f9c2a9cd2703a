/**
 * Which family is open. A new one gets new workers, so that nothing of the last one is left in them; so does a family
 * whose worker has crashed, and what the user had dropped into it is opened again.
 */
import { presets } from "#core/catalog.ts";
import { sortDrop } from "#core/library/sort-drop.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { FIRST_PRESET, type ShippedResults } from "#core/shipped.ts";
import type { LibraryCard } from "#core/summary.ts";
import { OWN_FAMILY } from "#core/zoo.ts";
import type { DroppedFile, FamilySource, OwnSource } from "#workers/protocol/api.ts";
import { type Engine, startEngine } from "../bridge/engine.ts";
import { type GradientWork, startGradientWork } from "../gradient-work.ts";
import type { Session } from "../session.ts";
import { FIRST_FAMILY } from "../slices/library.ts";
import { type AppStore, forgetFamily } from "../store.ts";
import { tell } from "../tell.ts";
import { familyAddress, fetchShipped } from "./families.ts";
import { showShipped, takeRecipe } from "./first-paint.ts";
import { type Live, startLive } from "./live.ts";
import { openFiles } from "./open-files.ts";
import { offerOutputs } from "./own.ts";

/** A session with what follows its recipe. */
export interface OpenFamily {
  readonly session: Session;
  readonly source: FamilySource;
  readonly live: Live;
  readonly gradients: GradientWork;
  /** Files that the user dropped beside it, kept as handles so that new workers can read them again. */
  readonly dropped: DroppedFile[];
}

export interface Sessions {
  /** Undefined until the first family is open, and while another one is being opened. */
  readonly open: OpenFamily | undefined;
  /** Opens the first family; `shipped` are its results, if they are here already. */
  begin(id: string, wanted: Recipe | undefined, shipped: ShippedResults | undefined): Promise<void>;
  /** Opens another family, or the last own files again ("own"). */
  change(id: string, wanted?: Recipe): Promise<void>;
  /** Opens the user's files; where that fails, the family before comes back. */
  changeToOwn(source: OwnSource, wanted?: Recipe): Promise<void>;
}

/** A worker that keeps dying is not started for ever. */
const MAX_RESTARTS = 5;

export function createSessions(store: AppStore): Sessions {
  let open: OpenFamily | undefined;
  let own: OwnSource | undefined;
  let restarts = 0;
  /** Counts openings: what an older one finds when it is done is thrown away. */
  let turn = 0;

  function close(): void {
    open?.live.stop();
    open?.gradients.stop();
    open?.session.engine.stop();
    open = undefined;
  }

  /** Opens without touching what is on screen. @throws what opening throws; the engine is stopped then */
  async function start(source: FamilySource, dropped: readonly DroppedFile[], wanted: Recipe | undefined) {
    const mine = ++turn;
    const engine = startEngine({
      onMemory: (worker, bytes) => {
        const { memory, patchRuns } = store.getState();
        if (mine === turn) patchRuns({ memory: { ...memory, [worker]: bytes } });
      },
      onCrash: (reason) => void recover(source, dropped, reason, mine),
    });
    try {
      const session = await openSession(store, engine, source, () => mine === turn);
      if (!session) return;
      const kept = [...dropped];
      await settleRecipe(session, kept, wanted);
      open = {
        session,
        source,
        dropped: kept,
        live: startLive(session, (error) => tell(store, error)),
        gradients: startGradientWork(session),
      };
    } catch (error) {
      engine.stop();
      if (mine === turn) throw error;
    }
  }

  /** The recipe on screen or the wanted one, once the experts that it may name are open; else the default one. */
  async function settleRecipe(
    session: Session & WithLibrary,
    dropped: readonly DroppedFile[],
    wanted: Recipe | undefined,
  ): Promise<void> {
    const before = store.getState().recipe ?? wanted;
    const fresh = defaultRecipe(session.library, firstPreset());
    if (dropped.length === 0) return takeRecipe(store, before, fresh);
    // What opening adds to the recipe on the way is no edit of the user's.
    store.temporal.getState().pause();
    try {
      store.getState().setRecipe(fresh);
      await openFiles(session, dropped, new AbortController().signal);
      takeRecipe(store, before, store.getState().recipe ?? fresh);
    } finally {
      store.temporal.getState().resume();
    }
  }

  async function attempt(...args: Parameters<typeof start>): Promise<void> {
    try {
      await start(...args);
    } catch (error) {
      if (!store.getState().library) store.getState().failLibrary();
      store.getState().patchRuns({ phase: "failed" });
      tell(store, error);
    }
  }

  async function recover(
    source: FamilySource,
    dropped: readonly DroppedFile[],
    reason: string,
    of: number,
  ): Promise<void> {
    if (of !== turn) return;
    const files = open?.dropped ?? dropped;
    close();
    store.getState().notify({ kind: "error", code: "worker/crashed", message: reason });
    store.getState().patchRuns({ phase: "starting", progress: undefined });
    restarts += 1;
    if (restarts <= MAX_RESTARTS) await attempt(source, files, undefined);
    else store.getState().patchRuns({ phase: "failed" });
  }

  async function change(id: string, wanted?: Recipe): Promise<void> {
    if (id === OWN_FAMILY) return own && changeToOwn(own, wanted);
    close();
    const mine = ++turn;
    forgetFamily(store, id);
    const shipped = await fetchShipped(id);
    if (mine === turn) await begin(id, wanted, shipped);
  }

  async function begin(id: string, wanted: Recipe | undefined, shipped: ShippedResults | undefined) {
    if (shipped) showShipped(store, shipped, wanted);
    await attempt(familyAddress(id), [], wanted);
  }

  async function changeToOwn(source: OwnSource, wanted?: Recipe): Promise<void> {
    const { family } = store.getState();
    const before = family === OWN_FAMILY && (!own || own === source) ? FIRST_FAMILY : family;
    close();
    forgetFamily(store, OWN_FAMILY);
    try {
      await start(source, expertsOf(source), wanted);
      own = source;
      const { families, library } = store.getState();
      const name = library?.name ?? source.base;
      const entry = { id: OWN_FAMILY, name, base: library?.base.id };
      store.setState({ families: [...families.filter(({ id }) => id !== OWN_FAMILY), entry] });
    } catch (error) {
      if (!offerOutputs(store, source, error)) tell(store, error, source.base);
      await change(before);
    }
  }

  return {
    get open() {
      return open;
    },
    begin,
    change,
    changeToOwn,
  };
}

/** What an own family's files hold beside its base and its examples. */
function expertsOf({ base, files }: OwnSource): readonly DroppedFile[] {
  const { data } = sortDrop(files);
  return files.filter((file) => file.path !== base && !data.includes(file));
}

interface WithLibrary {
  readonly library: LibraryCard;
}

/** Has both workers read the family; undefined when another one has been asked for meanwhile. */
async function openSession(
  store: AppStore,
  engine: Engine,
  source: FamilySource,
  isWanted: () => boolean,
): Promise<(Session & WithLibrary) | undefined> {
  const { signal } = new AbortController();
  const [library, info] = await Promise.all([
    engine.models({ signal }, (api, job) => api.openZoo(job, source)),
    engine.info,
    engine.evaluate({ signal }, (api, job) => api.openZoo(job, source)),
  ]);
  if (!isWanted()) {
    engine.stop();
    return undefined;
  }
  store.getState().patchRuns({ engine: info });
  store.getState().setLibrary(library, "ready");
  return { engine, store, library };
}

function firstPreset() {
  return presets.find(({ id }) => id === FIRST_PRESET) ?? "task-arithmetic";
}
