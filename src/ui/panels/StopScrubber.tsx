import { type CSSProperties, type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { store } from "#app/store.ts";
import type { Proportion } from "#core/eval/report.ts";
import { TaskMark, taskColour } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { placeOfStep, stepAtPlace, stepOfKey } from "../step-scale.ts";
import { useWords } from "../words.ts";
import { libraryWords } from "./library-words.ts";
import { polyline } from "./sparkline-path.ts";
import styles from "./stop-scrubber.module.css";

interface StopScrubberProps {
  readonly name: string;
  /** Colour and shape. */
  readonly index: number;
  /** Ascending, at least two. */
  readonly steps: readonly number[];
  readonly step: number;
  /** Step of the pinned recipe, drawn as a ghost. */
  readonly pinnedStep?: number | undefined;
  /** Accuracy of the expert alone, by step. */
  readonly own: Readonly<Record<number, Proportion>>;
  /** Accuracy of its task in the merge, by step. */
  readonly merged: Readonly<Record<number, Proportion>>;
  /** True while the merged line belongs to an older recipe. */
  readonly isStale: boolean;
  /** Accuracy of guessing: the drawing never reaches below. */
  readonly chance: number;
  onStep(step: number): void;
  /** The checkpoint under the pointer, to be named beside; undefined when it leaves. */
  onHover(step: number | undefined): void;
}

/** An expert's accuracy over its training, drawn small: the handle on the line chooses the checkpoint. */
export function StopScrubber(props: StopScrubberProps) {
  const { name, index, steps, step, pinnedStep, own, merged, isStale, chance, onStep, onHover } = props;
  const text = useWords(libraryWords);
  const format = useFormats();
  const plot = useRef<HTMLDivElement>(null);
  const [isHeld, setHeld] = useState(false);

  const place = (at: number) => placeOfStep(at, steps);
  const floor = useMemo(() => floorOf([own, merged], chance), [own, merged, chance]);
  const height = (proportion: Proportion | undefined) =>
    proportion === undefined || proportion.n === 0
      ? undefined
      : Math.min(1, Math.max(0, (proportion.k / proportion.n - floor) / (1 - floor)));
  const points = (values: Readonly<Record<number, Proportion>>) =>
    steps.flatMap((at) => {
      const y = height(values[at]);
      return y === undefined ? [] : [[place(at), y] as const];
    });

  const stepUnder = ({ clientX }: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    return box === undefined ? undefined : stepAtPlace((clientX - box.left) / Math.max(1, box.width), steps);
  };
  const moveTo = (next: number | undefined) => {
    if (next !== undefined && next !== step) onStep(next);
  };
  const release = () => {
    if (isHeld) store.getState().endGesture();
    setHeld(false);
  };

  const alone = own[step];
  const inMerge = merged[step];
  const valueText = [
    text.value(format.count(step), format.count(steps.at(-1) ?? step)) +
      (alone === undefined ? "" : `: ${text.aloneValue(format.share(alone))}`),
    ...(inMerge === undefined ? [] : [text.mergedValue(format.share(inMerge))]),
    ...(pinnedStep === undefined || pinnedStep === step ? [] : [text.pinnedAt(format.count(pinnedStep))]),
  ].join(", ");

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={text.stepOf(name)}
      aria-valuemin={steps[0]}
      aria-valuemax={steps.at(-1)}
      aria-valuenow={step}
      aria-valuetext={valueText}
      aria-orientation="horizontal"
      className={styles.scrubber}
      style={at("--colour", taskColour(index))}
      data-held={isHeld || undefined}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        store.getState().beginGesture();
        setHeld(true);
        moveTo(stepUnder(event));
      }}
      onPointerMove={(event) => {
        const under = stepUnder(event);
        onHover(under);
        if (!isHeld) return;
        // As for sliders: the panes need not measure their borders while this is held.
        event.stopPropagation();
        moveTo(under);
      }}
      onPointerLeave={() => onHover(undefined)}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onDoubleClick={() => moveTo(steps.at(-1))}
      onKeyDown={(event: KeyboardEvent) => {
        const next = event.ctrlKey || event.metaKey ? undefined : stepOfKey(event.key, step, steps);
        if (next === undefined) return;
        event.preventDefault();
        moveTo(next);
      }}
    >
      <div ref={plot} className={styles.plot}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" className={styles.lines}>
          {steps.map((at) => (
            <path key={at} d={`M${100 * place(at)} 100v-6`} className={styles.tick} />
          ))}
          <path d={polyline(points(merged))} className={isStale ? styles.stale : styles.merged} />
          <path d={polyline(points(own))} className={styles.own} />
        </svg>
        {pinnedStep === undefined || pinnedStep === step ? null : (
          <i className={styles.ghost} style={at("--x", place(pinnedStep))}>
            <Knob index={index} y={height(own[pinnedStep])} hollow />
          </i>
        )}
        <i className={styles.handle} style={at("--x", place(step))}>
          {inMerge === undefined ? null : (
            <b className={styles.dot} style={at("--y", height(inMerge) ?? 0)} />
          )}
          <Knob index={index} y={height(alone)} />
        </i>
      </div>
    </div>
  );
}

/** Accuracy at the bottom of the drawing: the next tenth below the lowest point, so that it seldom moves. */
function floorOf(lines: readonly Readonly<Record<number, Proportion>>[], chance: number): number {
  const values = lines.flatMap((line) => Object.values(line)).flatMap(({ k, n }) => (n > 0 ? [k / n] : []));
  return Math.max(chance, Math.floor(10 * Math.min(1, ...values) - 0.2) / 10);
}

function Knob({ index, y, hollow = false }: { index: number; y: number | undefined; hollow?: boolean }) {
  return (
    <span className={styles.knob} style={at("--y", y ?? 0)}>
      <TaskMark index={index} size={hollow ? 9 : 12} hollow={hollow} />
    </span>
  );
}

/** A position or colour as a custom property that the style sheet reads. */
function at(name: `--${string}`, value: number | string): CSSProperties {
  const style: Record<`--${string}`, number | string> = { [name]: value };
  return style;
}
