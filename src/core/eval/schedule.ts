/** In which order examples are evaluated, so that early reports cover all tasks alike. */

/** A run of examples of one task, [begin, end). */
export interface Chunk {
  readonly task: string;
  readonly begin: number;
  readonly end: number;
}

/** What one task still needs: rows from `known` on, of `count` that exist. */
export interface Remaining {
  readonly task: string;
  readonly known: number;
  readonly count: number;
}

/** Rows per run of the graph: a cancel waits for one chunk at most, and larger ones are no faster. */
export const CHUNK_ROWS = 64;

/**
 * Returns the chunks of every stage: a stage ends when each task has that many examples (or all it has).
 *
 * Inside a stage tasks take turns. A stage that needs no run is empty, and still due for a report.
 */
export function schedule(
  tasks: readonly Remaining[],
  stages: readonly number[],
): readonly (readonly Chunk[])[] {
  let from = 0;
  return stages.map((stage) => {
    const chunks = tasks.map(({ task, known, count }) =>
      split(task, Math.max(known, Math.min(from, count)), Math.min(stage, count)),
    );
    from = Math.max(from, stage);
    return takingTurns(chunks);
  });
}

function split(task: string, begin: number, end: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = begin; at < end; at += CHUNK_ROWS) {
    chunks.push({ task, begin: at, end: Math.min(end, at + CHUNK_ROWS) });
  }
  return chunks;
}

function takingTurns(lists: readonly (readonly Chunk[])[]): readonly Chunk[] {
  const rounds = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: rounds }, (_, round) => lists.flatMap((list) => list[round] ?? [])).flat();
}
