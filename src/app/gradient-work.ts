/** Commands for everything that takes gradients or scaled task vectors, over one session. */
import type { WorkCommands } from "./commands.ts";
import { applyCoefficients } from "./flow/adopt-outcome.ts";
import { createArithmetic } from "./flow/arithmetic.ts";
import { createAskCost } from "./flow/ask-cost.ts";
import { fillMissing, forgetEvidence } from "./flow/evidence.ts";
import { holdWhileEditing } from "./flow/hold.ts";
import { createMasks } from "./flow/masks.ts";
import { saveEvidence, saveRegion } from "./flow/save.ts";
import { createWorkQueue } from "./flow/work.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

export interface GradientWork extends WorkCommands {
  /** The session's engine is gone. */
  stop(): void;
}

/** Works off the queue in the store from now on; failures become notices. */
export function startGradientWork(session: Session): GradientWork {
  const { store } = session;
  let isOver = false;
  const queue = createWorkQueue(session, (error, title) => tell(store, error, title || undefined));
  const tellFailure = (error: unknown) => {
    // A crash is told by whoever starts the next session.
    if (!isOver) tell(store, error);
  };
  const arithmetic = createArithmetic(session, tellFailure);
  const masks = createMasks(session, tellFailure);
  const saving = new AbortController();
  const askCost = createAskCost(session);
  const stopHolding = holdWhileEditing(session);
  const told = (done: Promise<void>) => void done.catch(tellFailure);
  return {
    start: (request) => void queue.start(request),
    measureMissing: () => fillMissing(store, queue),
    askCost,
    saveEvidence: (id) => told(saveEvidence(session, id, saving.signal)),
    forgetEvidence: (id) => told(forgetEvidence(session, id)),
    pause: queue.pause,
    resume: queue.resume,
    cancel: queue.cancel,
    dismiss: queue.dismiss,
    forget: (run) => void queue.forget(run),
    applyCoefficients: (id) => applyCoefficients(store, id),
    measureAddition: () => void arithmetic.add(),
    measureNegation: (target) => void arithmetic.negate(target),
    measureOtherAddition: (experts) => void arithmetic.addOthers(experts),
    measureDisentanglement: (first, second, points) => void arithmetic.disentangle(first, second, points),
    stopMeasuring: arithmetic.stop,
    measureRegions: () => void masks.measureRegions(),
    measureGain: (expert) => void masks.measureCurve(expert),
    stopRegions: masks.stop,
    saveRegion: (expert) => told(saveRegion(session, expert, saving.signal)),
    stop() {
      isOver = true;
      stopHolding();
      queue.stop();
      arithmetic.end();
      masks.end();
      saving.abort();
      // It was in the models worker.
      store.setState({ evidence: [] });
    },
  };
}
