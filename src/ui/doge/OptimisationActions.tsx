import { Pause, Play, RotateCcw, Square, SquareCheck } from "lucide-react";
import { commands, type PassCommands } from "#app/commands.ts";
import type { Pass } from "#app/slices/pass.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { Tip } from "../controls/Tip.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./doge.module.css";
import { dogeWords } from "./doge-words.ts";

const send = (name: keyof PassCommands) => () => commands().pass((pass) => pass[name]());

/** What can be done where the optimisation stands; it keeps its room where that is nothing. */
export function OptimisationActions({ state, step }: Pick<Pass, "state" | "step">) {
  const words = useWords(dogeWords);
  const isStanding = state === "paused" || state === "stopped";
  const isRunning = state === "running" || state === "pausing";
  const isUnderWay = isRunning || state === "paused" || state === "preparing" || state === "held";
  return (
    <div className={styles.actions}>
      {isRunning ? (
        <Button icon={<Pause size={13} aria-hidden />} disabled={state === "pausing"} onClick={send("pause")}>
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
    </div>
  );
}

/** A pass that has begun is worth something: the recipe can be of the steps that it has taken. */
function Keep({ step }: Pick<Pass, "step">) {
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
