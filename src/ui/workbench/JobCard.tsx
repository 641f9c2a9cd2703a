import { Pause, Play, RotateCcw, Square, TriangleAlert, X } from "lucide-react";
import { type CSSProperties, memo, useId } from "react";
import { commands } from "#app/commands.ts";
import type { Work, WorkId } from "#app/slices/work.ts";
import { useApp } from "#app/store.ts";
import { Button, IconButton, join } from "../controls/Button.tsx";
import { ErrorMessage } from "../controls/ErrorMessage.tsx";
import { TaskMark, taskIndex } from "../controls/TaskMark.tsx";
import { durationText } from "../duration.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { JobCurves } from "./JobCurves.tsx";
import { JobResult } from "./JobResult.tsx";
import { secondsLeft } from "./job-curves.ts";
import { jobWords } from "./job-words.ts";
import { taskOfRequest } from "./request-task.ts";
import styles from "./workbench.module.css";

/** One job: what it is, how far, its curves, what came of it, and what can be done about it. */
export const JobCard = memo(function JobCard({ id }: { readonly id: WorkId }) {
  const words = useWords(jobWords);
  const heading = useId();
  const job = useApp(({ work }) => work.find((one) => one.id === id));
  const index = useApp((state) => {
    const task = job && taskOfRequest(state, job.request);
    return task === undefined ? undefined : taskIndex(state, task);
  });
  if (!job) return null;
  const title = words.kinds[job.kind](job.title);
  const isLive = job.state === "running" || job.state === "pausing" || job.state === "paused";
  return (
    <li className={styles.job} aria-labelledby={heading} data-state={job.state}>
      <header className={styles.jobHead}>
        {index === undefined ? null : <TaskMark index={index} hollow={job.state !== "done"} />}
        <div className={styles.jobName}>
          <h4 id={heading} className={styles.jobTitle}>
            {title}
          </h4>
          <State job={job} />
        </div>
        <Actions job={job} title={title} />
      </header>
      {isLive ? <Progress job={job} title={title} /> : null}
      {job.failure ? (
        <p className={styles.failure}>
          <TriangleAlert size={14} aria-hidden />
          <span>
            <ErrorMessage {...job.failure} />
          </span>
        </p>
      ) : null}
      {isLive ? <JobCurves job={job} /> : null}
      <JobResult job={job} />
      {job.state === "done" ? <PastCurves job={job} /> : null}
    </li>
  );
});

/** How it stands, in words; a job that is over says how long it took. */
function State({ job: { state, startedAt, endedAt } }: { readonly job: Work }) {
  const words = useWords(jobWords);
  const language = useApp((app) => app.language);
  const took =
    state === "done" && startedAt !== undefined && endedAt !== undefined
      ? ` · ${words.took(durationText((endedAt - startedAt) / 1000, language))}`
      : "";
  return (
    <span className={join(styles.state, state === "failed" && styles.failed)} role="status">
      {words.states[state]}
      {took}
    </span>
  );
}

function Actions({ job, title }: { readonly job: Work; readonly title: string }) {
  const words = useWords(jobWords);
  const { id, state, kind, run, request } = job;
  const isOver = state === "done" || state === "failed" || state === "cancelled";
  const canPause = state === "running" && kind === "train";
  return (
    <span className={styles.actions}>
      {canPause ? (
        <IconButton
          label={words.pause(title)}
          icon={<Pause size={15} aria-hidden />}
          onClick={() => commands().work((work) => work.pause(id))}
        />
      ) : null}
      {state === "paused" && run !== undefined ? (
        <Button
          icon={<Play size={13} aria-hidden />}
          onClick={() => commands().work((work) => work.resume(run))}
        >
          {words.resume}
        </Button>
      ) : null}
      {state === "failed" || state === "cancelled" ? (
        <Button
          look="quiet"
          icon={<RotateCcw size={13} aria-hidden />}
          onClick={() => commands().work((work) => work.start(request))}
        >
          {words.again}
        </Button>
      ) : null}
      {isOver ? (
        <IconButton
          label={words.dismiss(title)}
          icon={<X size={15} aria-hidden />}
          onClick={() => commands().work((work) => work.dismiss(id))}
        />
      ) : (
        <IconButton
          label={words.cancel(title)}
          icon={<Square size={13} aria-hidden />}
          onClick={() => commands().work((work) => work.cancel(id))}
        />
      )}
    </span>
  );
}

function Progress({ job, title }: { readonly job: Work; readonly title: string }) {
  const words = useWords(jobWords);
  const format = useFormats();
  const language = useApp((state) => state.language);
  const { progress, kind, state } = job;
  const { done = 0, total = 1 } = progress ?? {};
  const left = state === "running" ? secondsLeft(job) : undefined;
  const how = progress ? words.progress[kind](format.count(done), format.count(total)) : words.preparing;
  const text = left === undefined ? how : `${how} · ${words.left(durationText(left, language))}`;
  const style: CSSProperties & Record<"--done", number> = { "--done": done / Math.max(1, total) };
  return (
    <div className={styles.progress}>
      <div
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={text}
        className={styles.bar}
        style={style}
      />
      <span className="muted">{text}</span>
    </div>
  );
}

/** The curves of a finished job fold away. */
function PastCurves({ job }: { readonly job: Work }) {
  const words = useWords(jobWords);
  if (Object.keys(job.curves).length === 0) return null;
  return (
    <details className={styles.numbers}>
      <summary>{words.curvesOf}</summary>
      <JobCurves job={job} />
    </details>
  );
}
