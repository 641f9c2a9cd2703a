import { Check, TriangleAlert } from "lucide-react";
import type { CSSProperties } from "react";
import { type Pass, shownPass } from "#app/slices/pass.ts";
import { useApp } from "#app/store.ts";
import { join } from "../controls/Button.tsx";
import { ErrorMessage } from "../controls/ErrorMessage.tsx";
import { durationText } from "../duration.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { secondsLeft, wholeCurve } from "../workbench/job-curves.ts";
import styles from "./doge.module.css";
import { dogeWords } from "./doge-words.ts";
import { LossSpark } from "./LossSpark.tsx";
import { endsOf, fallOf } from "./loss.ts";
import { OptimisationActions } from "./OptimisationActions.tsx";

/** How the optimisation of the recipe's method stands, always in sight: its step, its loss, and what can be done. */
export function OptimisationBar() {
  const words = useWords(dogeWords);
  const pass = useApp(shownPass);
  if (!pass) return null;
  const isDone = pass.state === "done";
  return (
    <fieldset className={join(styles.bar, !isDone && styles.open)} aria-label={words.title}>
      <div className={styles.told}>
        {pass.curves.loss ? <LossSpark curve={pass.curves.loss} end={pass.steps} /> : null}
        <div className={styles.texts}>
          <Progress pass={pass} />
          {pass.failure ? (
            <p className={styles.failure} role="alert">
              <TriangleAlert size={14} aria-hidden />
              <span>
                <ErrorMessage {...pass.failure} />
              </span>
            </p>
          ) : (
            <Note pass={pass} />
          )}
        </div>
      </div>
      <OptimisationActions state={pass.state} step={pass.step} />
    </fieldset>
  );
}

/** The step in words and as a line; what it has brought, once it is done. */
function Progress({ pass }: { readonly pass: Pass }) {
  const words = useWords(dogeWords);
  const format = useFormats();
  const language = useApp((state) => state.language);
  const { state, step, steps, progress, curves } = pass;
  const isDone = state === "done";
  const isPreparing = state === "preparing";
  const [done, total] = isPreparing ? [progress?.done ?? 0, progress?.total ?? 1] : [step, steps];
  const left = state === "running" ? secondsLeft(pass) : undefined;
  const fall = fallOf(curves.loss);
  const how = words.states[state](format.count(step), format.count(steps));
  const text = [
    isPreparing && progress ? how + words.tensors(format.count(done), format.count(total)) : how,
    ...(left === undefined || left < 1 ? [] : [words.left(durationText(left, language))]),
    ...(fall === undefined || !isDone ? [] : [words.fell(format.percent(fall))]),
  ].join(" · ");
  const style: CSSProperties & Record<"--done", number> = { "--done": done / Math.max(1, total) };
  return (
    <>
      <p className={styles.state} data-pass={state}>
        {isDone ? <Check size={14} aria-hidden /> : null}
        {text}
      </p>
      {isDone || state === "inside" || state === "failed" ? (
        <div className={styles.noLine} />
      ) : (
        <div
          role="progressbar"
          aria-label={words.title}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={done}
          aria-valuetext={text}
          className={styles.line}
          style={style}
        />
      )}
      <p className="visually-hidden" role="status">
        {state === "running" ? words.title : how}
      </p>
    </>
  );
}

/** Whose the numbers on screen are meanwhile, and what the run holds; at last what it gave. */
function Note({ pass: { state, bytes, curves } }: { readonly pass: Pass }) {
  const words = useWords(dogeWords);
  const format = useFormats();
  const [first, last] = endsOf(curves.loss ? wholeCurve(curves.loss) : []) ?? [];
  const holds = bytes > 0 ? words.holds(format.bytes(bytes)) : "";
  const gave =
    first && last ? words.gave(format.number(first.value), format.number(last.value)) : words.unseen;
  return <p className={styles.note}>{state === "done" ? gave : `${words.waits} ${holds}`}</p>;
}
