import { Plus } from "lucide-react";
import { useState } from "react";
import { commands } from "#app/commands.ts";
import type { WantedTask } from "#app/flow/added-tasks.ts";
import { useApp } from "#app/store.ts";
import type { FoundTask } from "#core/library/found-task.ts";
import { ExamplePicture } from "../charts/ExamplePicture.tsx";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Modal } from "../controls/Modal.tsx";
import { Switch } from "../controls/Switch.tsx";
import { TextField } from "../controls/TextField.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./task-dialog.module.css";
import { taskWords } from "./task-words.ts";

/** Dropped examples before they become tasks: what they are, how they look, what they are called. */
export function TaskDialog() {
  const offered = useApp((state) => state.offeredTasks);
  return offered ? <Offer key={offered.offer} {...offered} /> : null;
}

interface OfferProps {
  readonly offer: number;
  readonly found: readonly FoundTask[];
}

function Offer({ offer, found }: OfferProps) {
  const text = useWords(taskWords);
  const patchView = useApp((state) => state.patchView);
  const [wanted, setWanted] = useState(() => found.map(suggested));
  const close = () => patchView({ dialog: undefined });
  const change = (index: number, patch: Partial<WantedTask>) =>
    setWanted(wanted.map((task, i) => (i === index ? { ...task, ...patch } : task)));
  const add = () => {
    commands().addTasks(offer, wanted);
    close();
  };
  const isOne = found.length === 1;
  return (
    <Modal
      open
      onClose={close}
      title={isOne ? text.title : text.titles(found.length)}
      description={text.description}
    >
      {found.map((task, i) => (
        <Task
          key={task.dataset}
          found={task}
          wanted={wanted[i] ?? suggested(task)}
          onChange={(patch) => change(i, patch)}
        />
      ))}
      <div className={styles.actions}>
        <Button look="primary" icon={<Plus size={14} aria-hidden />} onClick={add}>
          {isOne ? text.add : text.addAll(found.length)}
        </Button>
      </div>
    </Modal>
  );
}

function suggested({ dataset, label, suggestsInversion }: FoundTask): WantedTask {
  return { dataset, label, isInverted: suggestsInversion, shots: 2 };
}

interface TaskProps {
  readonly found: FoundTask;
  readonly wanted: WantedTask;
  onChange(patch: Partial<WantedTask>): void;
}

function Task({ found, wanted, onChange }: TaskProps) {
  const text = useWords(taskWords);
  const format = useFormats();
  const { n, classes, label, isDrawn } = found;
  return (
    <section className={styles.task}>
      <TextField
        label={text.name}
        help={text.nameHelp}
        value={wanted.label}
        placeholder={label}
        onChange={(next) => onChange({ label: next })}
      />
      <p className={styles.facts}>
        {text.classes(format.count(classes.length), named(classes))}
        <br />
        {text.counts(format.count(n.train ?? n.fewShot), format.count(n.validation), format.count(n.test))}
      </p>
      <Samples found={found} isInverted={wanted.isInverted} />
      <Polarity found={found} wanted={wanted} onChange={onChange} />
      {isDrawn ? (
        <Choice
          label={text.head}
          help={text.headHelp}
          options={[
            { value: "2", label: text.two },
            { value: "all", label: text.all },
          ]}
          value={String(wanted.shots)}
          onChange={(value) => onChange({ shots: value === "all" ? "all" : 2 })}
        />
      ) : null}
    </section>
  );
}

/** Class names that are told before “…”. */
const TOLD = 12;

function named(classes: readonly string[]): string {
  return classes.length > TOLD ? `${classes.slice(0, TOLD).join(", ")}, …` : classes.join(", ");
}

function Samples({ found, isInverted }: { readonly found: FoundTask; readonly isInverted: boolean }) {
  const text = useWords(taskWords);
  const isPicture = found.samples[0]?.example.kind === "image";
  return (
    <ul className={isPicture ? styles.samples : styles.rows} aria-label={text.samples}>
      {found.samples.map(({ example, label }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: samples never move
        <li key={i} className={styles.sample}>
          <ExamplePicture
            example={
              isInverted && example.kind === "image"
                ? { ...example, pixels: example.pixels.map((value) => 255 - value) }
                : example
            }
          />
          <span className={styles.label}>{label}</span>
        </li>
      ))}
    </ul>
  );
}

/** Pictures may be dark on light where the models know light on dark. */
function Polarity({ found: { samples, border, suggestsInversion }, wanted, onChange }: TaskProps) {
  const text = useWords(taskWords);
  const format = useFormats();
  if (samples[0]?.example.kind !== "image") return null;
  return (
    <>
      <Switch
        label={text.invert}
        help={text.invertHelp}
        checked={wanted.isInverted}
        onChange={(isInverted) => onChange({ isInverted })}
      />
      {border ? (
        <p className={styles.note}>
          {text.borders(format.percent(border.own), format.percent(border.family))}{" "}
          {suggestsInversion && wanted.isInverted ? text.inverted : null}
        </p>
      ) : null}
    </>
  );
}
