import type { ReactNode } from "react";
import { commands } from "#app/commands.ts";
import { type AppState, useApp } from "#app/store.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { evidenceName } from "../workbench/evidence-name.ts";
import { evidenceWords } from "../workbench/evidence-words.ts";
import { DeleteButton } from "./DeleteButton.tsx";
import styles from "./storage.module.css";
import { storageWords } from "./storage-words.ts";

type Thing = NonNullable<AppState["kept"]["things"]>[number];

/** Everything that is stored, by kind, newest last; each with what it is of, its size and a way to delete it. */
export function StoredThings() {
  const words = useWords(storageWords);
  const things = useApp((state) => state.kept.things);
  const runs = useApp((state) => state.savedRuns);
  if (!things) return <p className="muted">{words.reading}</p>;
  if (things.length + runs.length === 0) return <p className="muted">{words.empty}</p>;
  const of = (kind: Thing["kind"]) =>
    things.flatMap((thing) => (thing.kind === kind ? [<ThingRow key={thing.keys[0]} thing={thing} />] : []));
  return (
    <>
      <Group title={words.experts} rows={of("expert")} />
      <Group title={words.measurements} rows={of("evidence")} />
      <Group title={words.trainings} rows={runs.map((run) => <RunRow key={run.id} run={run} />)} />
      <Group title={words.unreadable} note={words.unreadableNote} rows={of("unreadable")} />
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly note?: string;
  readonly rows: readonly ReactNode[];
}

function Group({ title, note, rows }: GroupProps) {
  if (rows.length === 0) return null;
  return (
    <section className={styles.group} aria-label={title}>
      <h3 className="pane-title">{title}</h3>
      {note === undefined ? null : <p className="muted">{note}</p>}
      <ul>{rows}</ul>
    </section>
  );
}

function ThingRow({ thing }: { readonly thing: Thing }) {
  const words = useWords(storageWords);
  const names = useWords(evidenceWords);
  const library = useApp((state) => state.library);
  const isDamaged = useApp(({ kept }) => kept.damaged.some((name) => thing.keys.includes(name)));
  const base = useBaseName(thing.kind === "unreadable" ? undefined : thing.base);
  const facts = [
    ...(thing.kind === "expert" ? [words.checkpoints(thing.steps.length)] : []),
    ...(base === undefined ? [] : [base]),
  ];
  return (
    <Row
      name={nameOf()}
      facts={facts}
      bytes={thing.bytes}
      savedAt={thing.savedAt}
      warning={isDamaged ? words.damaged : undefined}
      onDelete={() => commands().storage((storage) => storage.remove(thing.keys))}
    />
  );

  function nameOf(): string {
    switch (thing.kind) {
      case "expert":
        return thing.label;
      case "evidence":
        // Labels of another base's experts are not known here.
        return evidenceName(thing, thing.base === library?.base.id ? library : undefined, names);
      case "unreadable":
        return words.file(thing.keys.map((name) => name.slice(0, 12)).join(", "));
      default:
        return thing satisfies never;
    }
  }
}

function RunRow({ run }: { readonly run: AppState["savedRuns"][number] }) {
  const words = useWords(storageWords);
  const format = useFormats();
  const base = useBaseName(run.base);
  return (
    <Row
      name={run.request.label}
      facts={[words.step(format.count(run.step), format.count(run.steps)), ...(base ? [base] : [])]}
      bytes={run.bytes}
      savedAt={run.savedAt}
      onDelete={() => commands().work((work) => work.forget(run.id))}
    />
  );
}

/** The open family's own things need no word; the others say whose they are. */
function useBaseName(base: string | undefined): string | undefined {
  const words = useWords(storageWords);
  return useApp(({ library, families }) => {
    if (base === undefined || base === library?.base.id) return undefined;
    return families.find((family) => family.base === base)?.name ?? words.otherBase;
  });
}

interface RowProps {
  readonly name: string;
  readonly facts: readonly string[];
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly warning?: string | undefined;
  onDelete(): void;
}

function Row({ name, facts, bytes, savedAt, warning, onDelete }: RowProps) {
  const words = useWords(storageWords);
  const format = useFormats();
  const language = useApp((state) => state.language);
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(savedAt);
  return (
    <li className={styles.row}>
      <span className={styles.what}>
        <b>{name}</b>
        <span className="muted">{[...facts, format.bytes(bytes), when].join(" · ")}</span>
        {warning === undefined ? null : <span className={styles.warning}>{warning}</span>}
      </span>
      <DeleteButton label={words.remove(name)} onDelete={onDelete} />
    </li>
  );
}
