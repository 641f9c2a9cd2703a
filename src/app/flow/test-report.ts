/** The one look at the test split: asked for by the user, told beside the validation numbers, used to choose nothing. */

import { probe, type Session } from "../session.ts";
import type { Baselines } from "./baselines.ts";

export async function reportOnTest(
  session: Session,
  baselines: Baselines | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { recipe, library, patchRuns } = session.store.getState();
  if (!recipe || !library || !baselines) return;
  const count = Math.max(...library.tasks.map((task) => task.n.test), 0);
  const onProgress = (done: number, total: number) => patchRuns({ progress: { done, total } });
  try {
    await baselines.ensure(recipe, count, "test", { signal, onProgress });
    const stages = [count];
    const testReport = await probe(session, recipe, {
      signal,
      onProgress,
      stages,
      session: "external",
      split: "test",
    });
    patchRuns({ testReport });
  } finally {
    patchRuns({ progress: undefined });
  }
}
