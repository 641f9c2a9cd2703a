/** Where a merged file comes from, and whether computing it again gives the same bits. */
import type { ExpertId } from "#core/recipe/schema.ts";
import type { Rederived } from "#core/summary.ts";
import type { Session } from "../session.ts";

/** Reads what the file says and opens the dialog. */
export async function showAncestry(
  { engine, store }: Session,
  expert: ExpertId,
  step: number,
  signal: AbortSignal,
): Promise<void> {
  const ancestry = await engine.models({ signal }, (api, job) => api.ancestry(job, expert, step));
  const { patchExchange, patchView } = store.getState();
  patchExchange({ openedMerge: { expert, step, ancestry, rederived: undefined } });
  patchView({ dialog: "ancestry" });
}

/** Computes the opened file again; the result is told in the dialog. */
export async function rederive({ engine, store }: Session, signal: AbortSignal): Promise<void> {
  const { openedMerge, patchExchange } = store.getState();
  if (!openedMerge) return;
  const { expert, step } = openedMerge;
  /** Nothing where another file is looked at by now. */
  const put = (rederived: NonNullable<typeof openedMerge>["rederived"]) => {
    const now = store.getState().openedMerge;
    if (now?.expert === expert && now.step === step) patchExchange({ openedMerge: { ...now, rederived } });
  };
  put("running");
  try {
    const found = await engine.models(
      { signal },
      async (api, job): Promise<Rederived> => await api.rederive(job, expert, step),
    );
    put(found);
  } catch (error) {
    put(undefined);
    throw error;
  }
}
