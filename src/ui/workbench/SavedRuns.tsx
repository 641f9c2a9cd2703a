import { Play, Trash2 } from "lucide-react";
import { commands } from "#app/commands.ts";
import { type AppState, useApp } from "#app/store.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { jobWords } from "./job-words.ts";
import styles from "./workbench.module.css";

type SavedRun = AppState["savedRuns"][number];

/** Trainings of an earlier visit that can go on; nothing where there are none. */
export function SavedRuns() {
  const words = useWords(jobWords);
  const runs = useApp((state) => state.savedRuns);
  if (runs.length === 0) return null;
  return (
    <section className={styles.section} aria-label={words.saved}>
      <h3 className="pane-title">{words.saved}</h3>
      <p className={styles.small}>{words.savedNote}</p>
      <ul className={styles.jobs}>
        {runs.map((run) => (
          <SavedRunRow key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
}

function SavedRunRow({ run }: { readonly run: SavedRun }) {
  const words = useWords(jobWords);
  const format = useFormats();
  const language = useApp((state) => state.language);
  const base = useApp((state) => state.library?.base.id);
  const hasTask = useApp((state) => state.library?.tasks.some(({ id }) => id === run.request.task) ?? false);
  const { label, task } = run.request;
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(
    run.savedAt,
  );
  const facts = words.savedAt(format.count(run.step), format.count(run.steps), format.bytes(run.bytes), when);
  return (
    <li className={styles.job}>
      <header className={styles.jobHead}>
        <div className={styles.jobName}>
          <h4 className={styles.jobTitle}>{words.kinds.train(label)}</h4>
        </div>
        <span className={styles.actions}>
          {run.base === base && hasTask ? (
            <Button
              icon={<Play size={13} aria-hidden />}
              onClick={() => commands().work((work) => work.resume(run.id))}
            >
              {words.resume}
            </Button>
          ) : null}
          <IconButton
            label={words.forgetRun(label)}
            icon={<Trash2 size={15} aria-hidden />}
            onClick={() => commands().work((work) => work.forget(run.id))}
          />
        </span>
      </header>
      <p className="muted">{facts}</p>
      {run.base === base ? null : <OtherBase base={run.base} />}
      {run.base === base && !hasTask ? <p className={styles.hint}>{words.goneTask(task)}</p> : null}
    </li>
  );
}

/** A run goes on only over the base that it was started on. */
function OtherBase({ base }: { readonly base: string }) {
  const words = useWords(jobWords);
  const family = useApp(({ families }) => families.find((one) => one.base === base));
  if (!family) return <p>{words.unknownBase}</p>;
  return (
    <p className={styles.hint}>
      {words.otherBase(family.name)}
      <Button onClick={() => commands().openFamily(family.id)}>{words.openBase(family.name)}</Button>
    </p>
  );
}
