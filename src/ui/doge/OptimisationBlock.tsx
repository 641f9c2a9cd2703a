import { Pause, Play, RotateCcw, Square, SquareCheck, TriangleAlert } from "lucide-react";
import { type CSSProperties, useId } from "react";
import { commands, type PassCommands } from "#app/commands.ts";
import { type Pass, shownPass } from "#app/slices/pass.ts";
import { useApp } from "#app/store.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Tip } from "../controls/Tip.tsx";
import { durationText } from "../duration.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { secondsLeft } from "../workbench/job-curves.ts";
import styles from "./doge.module.css";
import { dogeWords } from "./doge-words.ts";
import { EnergyChart } from "./EnergyChart.tsx";
import { LossChart } from "./LossChart.tsx";

/** What the recipe's method optimises before the merge: how far it is, what can be done about it, and what it found. */
export function OptimisationBlock() {
  const words = useWords(dogeWords);
  const heading = useId();
  const pass = useApp(shownPass);
  if (!pass) return null;
  const isOpen = pass.state !== "done" && pass.state !== "inside";
  const isUnseen = pass.state === "done" && !pass.layers;
  return (
    <section className={styles.block} aria-labelledby={heading}>
      <header className={styles.head}>
        <h4 id={heading} className={styles.title}>
          {words.title}
        </h4>
        <Actions pass={pass} />
      </header>
      <State pass={pass} />
      {pass.failure ? (
        <p className={styles.failure} role="alert">
          <TriangleAlert size={14} aria-hidden />
          <span>{words.failed(pass.failure.message)}</span>
        </p>
      ) : null}
      {isOpen || pass.state === "inside" ? <p className={styles.fine}>{words.waits}</p> : null}
      {isUnseen ? <p className={styles.fine}>{words.unseen}</p> : null}
      <LossChart pass={pass} />
      {pass.layers ? <EnergyChart recipeKey={pass.key} layers={pass.layers} /> : null}
    </section>
  );
}

/** Where it stands, in a bar and in words; the bar stays when it has ended, so that nothing below moves. */
function State({ pass }: { readonly pass: Pass }) {
  const words = useWords(dogeWords);
  const format = useFormats();
  const language = useApp((state) => state.language);
  const { state, step, steps, progress, bytes } = pass;
  const isPreparing = state === "preparing";
  const [done, total] = isPreparing ? [progress?.done ?? 0, progress?.total ?? 1] : [step, steps];
  const left = state === "running" ? secondsLeft(pass) : undefined;
  const how = words.states[state](format.count(step), format.count(steps));
  const parts = [
    isPreparing && progress ? how + words.tensors(format.count(done), format.count(total)) : how,
    ...(left === undefined ? [] : [words.left(durationText(left, language))]),
  ];
  const text = parts.join(" · ");
  const isFull = state === "done" || state === "inside";
  const style: CSSProperties & Record<"--done", number> = {
    "--done": isFull ? 1 : done / Math.max(1, total),
  };
  return (
    <div className={styles.progress}>
      {isFull ? null : (
        <div
          role="progressbar"
          aria-label={words.title}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={done}
          aria-valuetext={text}
          className={styles.bar}
          style={style}
        />
      )}
      <p className={styles.state} role="status" data-state={state}>
        {text}
      </p>
      {bytes > 0 && !isFull ? <p className={styles.fine}>{words.holds(format.bytes(bytes))}</p> : null}
    </div>
  );
}

const send = (name: keyof PassCommands) => () => commands().pass((pass) => pass[name]());

/** What can be done where it stands. */
function Actions({ pass: { state, step } }: { readonly pass: Pass }) {
  const words = useWords(dogeWords);
  const isStanding = state === "paused" || state === "stopped";
  const isRunning = state === "running" || state === "pausing";
  const isUnderWay = isRunning || state === "paused" || state === "preparing" || state === "held";
  return (
    <span className={styles.actions}>
      {state === "running" ? (
        <Button icon={<Pause size={13} aria-hidden />} onClick={send("pause")}>
          {words.pause}
        </Button>
      ) : null}
      {isStanding ? (
        <Button icon={<Play size={13} aria-hidden />} onClick={send(state === "paused" ? "resume" : "again")}>
          {state === "paused" ? words.resume : words.goOn}
        </Button>
      ) : null}
      {(isRunning || isStanding) && step > 0 ? <Keep step={step} /> : null}
      {state === "failed" ? (
        <>
          <Button icon={<RotateCcw size={13} aria-hidden />} onClick={send("again")}>
            {words.again}
          </Button>
          <Tip text={words.insideNote}>
            <Button look="quiet" onClick={send("inside")}>
              {words.inside}
            </Button>
          </Tip>
        </>
      ) : null}
      {isUnderWay ? (
        <IconButton label={words.cancel} icon={<Square size={13} aria-hidden />} onClick={send("cancel")} />
      ) : null}
    </span>
  );
}

function Keep({ step }: { readonly step: number }) {
  const words = useWords(dogeWords);
  const format = useFormats();
  return (
    <Tip text={words.keepNote(format.count(step))}>
      <Button look="quiet" icon={<SquareCheck size={13} aria-hidden />} onClick={send("keep")}>
        {words.keep}
      </Button>
    </Tip>
  );
}
