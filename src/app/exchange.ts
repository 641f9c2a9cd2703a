/** Commands for what travels to and from other programs. Their flows are loaded when they are first asked for. */
import type { ExchangeCommands } from "./commands.ts";
import { rederive, showAncestry } from "./flow/ancestry.ts";
import type { Session } from "./session.ts";
import { tell } from "./tell.ts";

/** Stops the measurement of a session's readings. */
const measuring = new WeakMap<Session, AbortController>();

/** @param signal stops whatever is asked for by this object */
export function exchangeOf(session: Session, signal: AbortSignal): ExchangeCommands {
  const { store } = session;
  const told = (done: Promise<void>) => void done.catch((error: unknown) => tell(store, error));
  const mergekit = () => import("./flow/mergekit.ts");
  return {
    applyConfiguration: () => told(mergekit().then((flow) => flow.applyConfiguration(store))),
    writeConfiguration: () => told(mergekit().then((flow) => flow.writeConfiguration(session, signal))),
    saveModelCard: () =>
      told(import("./flow/model-card.ts").then((flow) => flow.saveModelCard(session, signal))),
    measureAdapter: () =>
      told(import("./flow/adapter.ts").then((flow) => flow.measureAdapter(session, signal))),
    saveAdapter: (rank) =>
      told(import("./flow/adapter.ts").then((flow) => flow.saveAdapter(session, rank, signal))),
    showAncestry: (expert, step) => told(showAncestry(session, expert, step, signal)),
    rederive: () => told(rederive(session, signal)),
    measureReadings() {
      measuring.get(session)?.abort();
      const controller = new AbortController();
      measuring.set(session, controller);
      told(
        import("./flow/semantics.ts").then((flow) =>
          flow.measureReadings(session, AbortSignal.any([signal, controller.signal])),
        ),
      );
    },
    stopReadings: () => measuring.get(session)?.abort(),
  };
}
