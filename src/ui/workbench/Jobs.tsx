import { useEffect, useMemo, useRef } from "react";
import type { Work, WorkState } from "#app/slices/work.ts";
import { useApp } from "#app/store.ts";
import { useWords } from "../words.ts";
import { JobCard } from "./JobCard.tsx";
import { jobWords } from "./job-words.ts";
import styles from "./workbench.module.css";

const rank: Readonly<Record<WorkState, number>> = {
  running: 0,
  pausing: 0,
  queued: 1,
  paused: 2,
  done: 3,
  failed: 3,
  cancelled: 3,
};

/** All jobs of this visit: what runs, what waits in its order, then what is over, newest first. */
export function Jobs() {
  const words = useWords(jobWords);
  // A string is a leaf: cards follow their own job.
  const order = useApp(({ work }) => ordered(work).join(" "));
  const ids = useMemo(() => (order === "" ? [] : order.split(" ").map(Number)), [order]);
  const list = useRef<HTMLUListElement>(null);
  const newest = Math.max(0, ...ids);
  const seen = useRef(newest);
  // What was just started shows itself, where the list lies below the form.
  useEffect(() => {
    if (newest > seen.current) list.current?.scrollIntoView({ block: "nearest" });
    seen.current = newest;
  }, [newest]);

  return (
    <section className={styles.section} aria-label={words.title}>
      <h3 className="pane-title">{words.title}</h3>
      {ids.length === 0 ? <p className={styles.empty}>{words.empty}</p> : null}
      <ul ref={list} className={styles.jobs}>
        {ids.map((id) => (
          <JobCard key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

function ordered(work: readonly Work[]): readonly number[] {
  const isPast = ({ state }: Work) => rank[state] === 3;
  return [...work]
    .sort((a, b) => rank[a.state] - rank[b.state] || (isPast(a) ? b.id - a.id : a.id - b.id))
    .map(({ id }) => id);
}
