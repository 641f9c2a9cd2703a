/** What a request would take, measured before it starts. */
import type { WorkRequest } from "#workers/protocol/optimise.ts";
import { isAbort } from "../bridge/engine.ts";
import type { Session } from "../session.ts";
import { failureOf } from "../tell.ts";

/** Asks about requests; the newest question wins, and undefined takes the question back. */
export type AskCost = (request: WorkRequest | undefined) => Promise<void>;

/** Returns the way to ask; answers and failures arrive in the store as `askedCost`. */
export function createAskCost({ engine, store }: Session): AskCost {
  const { setAskedCost } = store.getState();
  let asking: AbortController | undefined;
  return async (request) => {
    asking?.abort();
    asking = undefined;
    if (!request) {
      setAskedCost(undefined);
      return;
    }
    const mine = new AbortController();
    asking = mine;
    const key = JSON.stringify(request);
    setAskedCost({ key, cost: undefined, failure: undefined });
    try {
      const cost = await engine.optimise({ signal: mine.signal }, (api, job) => api.cost(job, request));
      if (asking === mine) setAskedCost({ key, cost, failure: undefined });
    } catch (error) {
      if (isAbort(error) || asking !== mine) return;
      setAskedCost({ key, cost: undefined, failure: failureOf(error) });
    }
  };
}
