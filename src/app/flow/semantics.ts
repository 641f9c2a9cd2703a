/** The recipe as papers and other programs understand it: which tensors move, and which scores. Loaded when first needed. */
import { readingsOf } from "#core/semantics.ts";
import { probe, QUICK_STAGES, type Session } from "../session.ts";
import type { Lens, MeasuredReading } from "../slices/exchange.ts";

/** Measures every reading on the quick subset, the recipe's own first; what is known stays when it is stopped. */
export async function measureReadings(session: Session, signal: AbortSignal): Promise<void> {
  const { engine, store } = session;
  const { recipe, recipeKey } = store.getState();
  if (!recipe) return;
  const readings = readingsOf(recipe).toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
  const put = (change: (lens: Lens) => Lens) => {
    const { lens, patchExchange } = store.getState();
    if (lens?.recipeKey === recipeKey) patchExchange({ lens: change(lens) });
  };
  const patch = (key: string, found: Partial<MeasuredReading>) =>
    put((lens) => ({
      ...lens,
      readings: lens.readings.map((one) => (one.key === key ? { ...one, ...found } : one)),
    }));
  const blank = readings.map(({ recipe: _, ...reading }): MeasuredReading => {
    return { ...reading, mean: undefined, tasks: undefined, moved: undefined };
  });
  store.getState().patchExchange({ lens: { recipeKey, readings: blank, isRunning: true } });
  const hasTasks = (store.getState().library?.tasks.length ?? 0) > 0;
  try {
    for (const { recipe: read, key, isOwn } of readings) {
      if (!isOwn) {
        patch(key, {
          moved: await engine.models({ signal }, (api, job) => api.difference(job, read, recipe)),
        });
      }
      if (!hasTasks) continue;
      const { mean } = await probe(session, read, { signal, stages: QUICK_STAGES, session: "inputs" });
      patch(key, { mean: mean.merged });
      if (isOwn) continue;
      patch(key, {
        tasks: await engine.evaluate({ signal }, (api) => api.compare(key, recipeKey, "validation")),
      });
    }
  } finally {
    put((lens) => ({ ...lens, isRunning: false }));
  }
}
