/** What requests would take: asked when they have rested, answered in the store. */
import { useEffect } from "react";
import { commands } from "#app/commands.ts";
import { type AskedCost, costKey, type Work } from "#app/slices/work.ts";
import { useApp } from "#app/store.ts";

/** Milliseconds that a request must not have changed before it is asked about. */
const REST_MS = 400;

/** The answer about a request, undefined until it is asked; a measured cost is known for the rest of the visit. */
export function useCost(request: Work["request"] | undefined): AskedCost | undefined {
  const key = request && costKey(request);
  const isReady = useApp((state) => state.libraryState === "ready");
  const asked = useApp(({ costs }) => costs.find((one) => one.key === key));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the request
  useEffect(() => {
    if (!request || !isReady) return;
    const timer = setTimeout(() => commands().work((work) => work.askCost(request)), REST_MS);
    return () => clearTimeout(timer);
  }, [key, isReady]);
  return asked;
}
