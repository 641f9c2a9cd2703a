/** What requests would take, measured before they start. */
import type { WorkRequest } from "#workers/protocol/optimise.ts";
import { isAbort } from "../bridge/engine.ts";
import type { Session } from "../session.ts";
import { costKey } from "../slices/work.ts";
import type { AppStore } from "../store.ts";
import { failureOf } from "../tell.ts";

/** Asks about a request; one is measured at a time, and of many that wait the newest are. */
export type AskCost = (request: WorkRequest) => void;

/** Questions that wait: one of every part of the page that may ask. */
const MAX_WAITING = 3;

/** Returns the way to ask; answers and failures arrive in the store's `costs`. What has been measured is known. */
export function createAskCost({ engine, store }: Session): AskCost {
  const { putCost } = store.getState();
  let isMeasuring = false;
  let waiting: WorkRequest[] = [];
  forgetUnanswered(store);

  async function next(): Promise<void> {
    const request = isMeasuring ? undefined : waiting.shift();
    if (!request) return;
    isMeasuring = true;
    const key = costKey(request);
    const { signal } = new AbortController();
    putCost({ key, cost: undefined, failure: undefined });
    try {
      const cost = await engine.optimise({ signal }, (api, job) => api.cost(job, request));
      putCost({ key, cost, failure: undefined });
    } catch (error) {
      if (isAbort(error)) forgetUnanswered(store);
      else putCost({ key, cost: undefined, failure: failureOf(error) });
    } finally {
      isMeasuring = false;
      void next();
    }
  }

  return (request) => {
    const key = costKey(request);
    const known = store.getState().costs.find((asked) => asked.key === key);
    if (known && !known.failure) return;
    waiting = [...waiting.filter((other) => costKey(other) !== key), request].slice(-MAX_WAITING);
    void next();
  };
}

/** A question that went down with its worker is asked again. */
function forgetUnanswered(store: AppStore): void {
  const { costs } = store.getState();
  store.setState({ costs: costs.filter(({ cost, failure }) => cost !== undefined || failure !== undefined) });
}
