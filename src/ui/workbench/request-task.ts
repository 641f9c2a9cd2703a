import type { Work } from "#app/slices/work.ts";
import type { AppState } from "#app/store.ts";

/** The task that a request is about; undefined where it is about several. */
export function taskOfRequest({ library }: AppState, request: Work["request"]): string | undefined {
  if ("task" in request) return request.task;
  if (!("expert" in request)) return undefined;
  return library?.experts.find(({ id }) => id === request.expert)?.task;
}
