/**
 * Which family is open. A new one gets new workers, so that nothing of the last one is left in them; so does a family
 * whose worker has crashed. What the user had dropped into a family, and the tasks that were added to it, are opened
 * again with it.
 */
import type { ContentId, Recipe } from "#core/recipe/schema.ts";
import type { ShippedResults } from "#core/shipped.ts";
import { OWN_FAMILY } from "#core/zoo.ts";
import type { DroppedFile, FamilySource } from "#workers/protocol/api.ts";
import { type Engine, startEngine } from "../bridge/engine.ts";
import { type GradientWork, startGradientWork } from "../gradient-work.ts";
import { FIRST_FAMILY } from "../slices/library.ts";
import { type AppStore, forgetFamily } from "../store.ts";
import { tell } from "../tell.ts";
import { preparedTasks, retask, type WantedTask, whileTelling } from "./added-tasks.ts";
import { familyAddress, fetchShipped } from "./families.ts";
import { showShipped } from "./first-paint.ts";
import { createKept, type KeptFlow } from "./kept.ts";
import { type Live, startLive } from "./live.ts";
import { madeOrDropped, tellLost } from "./lost.ts";
import { expertsOf, keyOf, type OwnFamily, offerOutputs, ownKey, ownOf } from "./own.ts";
import { offerOwnRepair } from "./repairs.ts";
import { type OpenSession, settle } from "./settle.ts";

/** A session with what follows its recipe. */
export interface OpenFamily {
  readonly session: OpenSession;
  readonly source: FamilySource;
  readonly live: Live;
  readonly gradients: GradientWork;
  readonly kept: KeptFlow;
  /** Names it among those that can be opened again. */
  readonly key: string;
  /** Files that the user dropped beside it, kept as handles so that new workers can read them again. */
  readonly dropped: DroppedFile[];
}

export interface Sessions {
  /** Undefined until the first family is open, and while another one is being opened. */
  readonly open: OpenFamily | undefined;
  /** Opens the first family; `shipped` are its results, if they are here already. */
  begin(id: string, wanted: Recipe | undefined, shipped: ShippedResults | undefined): Promise<void>;
  /** Opens another family, or own files again ("own"): those that the recipe was made for, or the last. */
  change(id: string, wanted?: Recipe): Promise<void>;
  /** Opens the user's files; where that fails, what was open before comes back. */
  changeToOwn(source: OwnFamily, wanted?: Recipe): Promise<void>;
  /** Tells whether own files with this base have been open in this visit. */
  knowsOwn(base: ContentId): boolean;
  /** Adds an offer's tasks to the open family. @throws AppError data/malformed, eval/…; nothing has changed then */
  addTasks(offer: number, wanted: readonly WantedTask[], signal: AbortSignal): Promise<void>;
}

/** What a family is opened from, again and again. */
type Kept = Pick<OpenFamily, "source" | "dropped">;

/** A worker that keeps dying is not started for ever. */
const MAX_RESTARTS = 5;

export function createSessions(store: AppStore): Sessions {
  let open: OpenFamily | undefined;
  /** Of a family that is being opened. */
  let coming: Engine | undefined;
  /** Of the zoo's families by id, of own files by their base's content. */
  const kept = new Map<string, Kept>();
  let lastOwn = "";
  let restarts = 0;
  /** Counts openings: what an older one finds when it is done is thrown away. */
  let turn = 0;

  function close(): void {
    keep();
    open?.live.stop();
    open?.gradients.stop();
    open?.kept.end();
    open?.session.engine.stop();
    coming?.stop();
    open = undefined;
    coming = undefined;
  }

  /** Remembers what is open, for when it is wanted again. */
  function keep(): void {
    if (!open) return;
    const { source, dropped, key } = open;
    if (ownOf(source)) lastOwn = key;
    kept.set(key, { source, dropped });
  }

  /** Opens without touching what is on screen. @throws what opening throws; the engine is stopped then */
  async function start(
    source: FamilySource,
    dropped: readonly DroppedFile[],
    wanted: Recipe | undefined,
    isAgain = false,
  ) {
    const mine = ++turn;
    const engine = startEngine({
      onMemory: (worker, bytes) => {
        const { memory, patchRuns } = store.getState();
        if (mine === turn) patchRuns({ memory: { ...memory, [worker]: bytes } });
      },
      onKept: (failure) => {
        if (mine === turn) open?.kept.heard(failure);
      },
      onCrash: (reason) => void recover(source, dropped, reason, mine),
    });
    coming = engine;
    try {
      const session = await openSession(store, engine, source, () => mine === turn);
      if (!session) return;
      const files = [...dropped];
      await settle(session, files, wanted, isAgain);
      open = {
        session,
        source,
        key: keyOf(source, session.library.base.id, store.getState().family),
        dropped: files,
        live: startLive(session, (error) => tell(store, error)),
        gradients: startGradientWork(session),
        kept: createKept(session),
      };
      coming = undefined;
    } catch (error) {
      engine.stop();
      if (mine === turn) throw error;
    }
  }

  /** Opens and tells what fails; a family whose added tasks cannot be read any more comes without them. */
  async function attempt(
    source: FamilySource,
    dropped: readonly DroppedFile[],
    wanted: Recipe | undefined,
    isAgain = false,
  ): Promise<void> {
    try {
      await start(source, dropped, wanted, isAgain);
    } catch (error) {
      tell(store, error);
      if (typeof source !== "string" && "family" in source)
        return attempt(source.family, dropped, wanted, isAgain);
      if (!store.getState().library) store.getState().failLibrary();
      store.getState().patchRuns({ phase: "failed" });
    }
  }

  async function recover(
    source: FamilySource,
    dropped: readonly DroppedFile[],
    reason: string,
    of: number,
  ): Promise<void> {
    if (of !== turn) return;
    const now = open ?? { source, dropped };
    const before = madeOrDropped(store.getState());
    close();
    store.getState().notify({ kind: "error", code: "worker/crashed", message: reason });
    store.getState().patchRuns({ phase: "starting", progress: undefined });
    restarts += 1;
    if (restarts > MAX_RESTARTS) return store.getState().patchRuns({ phase: "failed" });
    await attempt(now.source, now.dropped, undefined, true);
    if (open) tellLost(store, before);
  }

  async function change(id: string, wanted?: Recipe): Promise<void> {
    if (id === OWN_FAMILY) {
      keep();
      const own = (wanted && kept.get(ownKey(wanted.base))) ?? kept.get(lastOwn);
      return own && typeof own.source !== "string" ? changeToOwn(own.source, wanted, own.dropped) : undefined;
    }
    close();
    const mine = ++turn;
    forgetFamily(store, id);
    // Shipped numbers speak of the tasks that a family came with.
    const isExtended = kept.get(id) !== undefined && typeof kept.get(id)?.source !== "string";
    const shipped = isExtended ? undefined : await fetchShipped(id);
    if (mine === turn) await begin(id, wanted, shipped);
  }

  async function begin(id: string, wanted: Recipe | undefined, shipped: ShippedResults | undefined) {
    if (shipped) showShipped(store, shipped, wanted);
    const { source, dropped } = kept.get(id) ?? { source: familyAddress(id), dropped: [] };
    await attempt(source, dropped, wanted);
  }

  async function changeToOwn(
    source: OwnFamily,
    wanted?: Recipe,
    dropped: readonly DroppedFile[] = expertsOf(source),
  ): Promise<void> {
    const { family, recipe } = store.getState();
    const before = open;
    close();
    forgetFamily(store, OWN_FAMILY);
    try {
      await start(source, dropped, wanted);
      listOwn(store, ownOf(source)?.base ?? "");
    } catch (error) {
      const files = ownOf(source);
      const isAsked = files && (offerOutputs(store, files, error) || offerOwnRepair(store, files, error));
      if (!isAsked) tell(store, error, files?.base);
      if (!before) return change(FIRST_FAMILY);
      forgetFamily(store, family);
      await attempt(before.source, before.dropped, recipe);
    }
  }

  async function addTasks(offer: number, wanted: readonly WantedTask[], signal: AbortSignal): Promise<void> {
    const now = open;
    if (!now) return;
    const { notify, draft } = store.getState();
    const subject = wanted.map(({ label }) => label).join(", ");
    const source = await whileTelling(store, "task/adding", subject, () =>
      preparedTasks(now.session, now.source, offer, wanted, signal),
    );
    if (open !== now) return;
    // Nothing may be evaluated over the old tasks while the new ones come.
    now.live.stop();
    const again = (from: FamilySource) => {
      if (open !== now) return;
      open = { ...now, source: from, live: startLive(now.session, (error) => tell(store, error)) };
      keep();
    };
    try {
      await retask(now.session, source, signal);
      again(source);
      draft("train", { task: source.tasks.at(-1)?.id });
      notify({ kind: "info", code: "task/added", message: "", subject });
    } catch (error) {
      again(now.source);
      throw error;
    }
  }

  return {
    get open() {
      return open;
    },
    begin,
    change,
    changeToOwn,
    knowsOwn(base) {
      keep();
      return kept.has(ownKey(base));
    },
    addTasks,
  };
}

/** Own files are in the list of families as one: those that were opened last. */
function listOwn(store: AppStore, fallback: string): void {
  const { families, library } = store.getState();
  const entry = { id: OWN_FAMILY, name: library?.name ?? fallback, base: library?.base.id };
  store.setState({ families: [...families.filter(({ id }) => id !== OWN_FAMILY), entry] });
}

/** Has both workers read the family; undefined when another one has been asked for meanwhile. */
async function openSession(
  store: AppStore,
  engine: Engine,
  source: FamilySource,
  isWanted: () => boolean,
): Promise<OpenSession | undefined> {
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
