/** What a crash has cost: told by name, since nobody could bring it back. */
import type { AppState, AppStore } from "../store.ts";

type Made = readonly { readonly id: string; readonly name: string }[];

/** Everything of a session that is not of the family itself. */
export function madeOrDropped({ library, evidence }: Pick<AppState, "library" | "evidence">): Made {
  const experts = library?.experts.filter(({ source }) => source !== "zoo") ?? [];
  return [
    ...experts.map(({ id, label }) => ({ id, name: label })),
    ...evidence.map(({ id, about: { kind, expert, step } }) => ({
      id,
      name: `${kind} · ${step === undefined ? expert : `${expert}@${step}`}`,
    })),
  ];
}

/** Names what was there before and is not any more. */
export function tellLost(store: AppStore, before: Made): void {
  const here = new Set(madeOrDropped(store.getState()).map(({ id }) => id));
  const lost = before.filter(({ id }) => !here.has(id));
  if (lost.length === 0) return;
  const message = "It was not in the browser’s storage, or its file cannot be read any more.";
  store.getState().notify({
    kind: "error",
    code: "worker/lost",
    message,
    subject: lost.map(({ name }) => name).join(", "),
  });
}
