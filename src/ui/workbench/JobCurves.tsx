import { useMemo, useState } from "react";
import type { Work } from "#app/slices/work.ts";
import { useApp } from "#app/store.ts";
import { ChartMenu } from "../charts/ChartMenu.tsx";
import { ChartTableView } from "../charts/ChartTableView.tsx";
import { taskColour, taskIndex } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { curveTable } from "./curve-table.ts";
import { drawnCurves, isShare, lastStep, type Point } from "./job-curves.ts";
import { jobWords } from "./job-words.ts";
import { MiniCurve } from "./MiniCurve.tsx";
import { taskOfRequest } from "./request-task.ts";
import styles from "./workbench.module.css";

/** What a job draws while it goes on, and the same as a table. */
export function JobCurves({ job }: { readonly job: Work }) {
  const words = useWords(jobWords);
  const format = useFormats();
  const [isTable, setTable] = useState(false);
  const curves = useMemo(() => drawnCurves(job), [job]);
  const task = useApp((state) => taskOfRequest(state, job.request));
  const index = useApp((state) => (task === undefined ? undefined : taskIndex(state, task)));
  const chance = useApp((state) => state.library?.tasks.find(({ id }) => id === task)?.chance);
  if (curves.length === 0) return null;

  const title = words.kinds[job.kind](job.title);
  const unit = words.axis[job.kind];
  const at = (point: Point) => words.at(`${unit} ${format.count(point.at)}`);
  const value = ({ curve, value: number }: Point) =>
    isShare(curve) || curve === "density" ? format.percent(number) : `${format.number(number)} ${words.nats}`;
  const range = ({ value: number, low = number, high = number, n = 0 }: Point) =>
    `${format.interval({ low, high })}, ${format.n(n)}`;
  const name = (curve: string) => Object.entries(words.curves).find(([key]) => key === curve)?.[1] ?? curve;
  const ticks = job.curves.checkpoint?.points.map((point) => point.value) ?? [];
  return (
    <>
      <div className={styles.curves}>
        {curves.map((curve) => (
          <MiniCurve
            key={curve.name}
            curve={curve}
            name={name(curve.name)}
            end={lastStep(job.request)}
            colour={isShare(curve.name) && index !== undefined ? taskColour(index) : "var(--ink)"}
            chance={isShare(curve.name) ? chance : undefined}
            ticks={curve.name === "validation" ? ticks : []}
            value={value}
            range={isShare(curve.name) ? range : undefined}
            at={at}
            label={(point) =>
              words.chart(name(curve.name), value(point), `${unit} ${format.count(point.at)}`)
            }
            action={(body) => (
              <ChartMenu
                title={name(curve.name)}
                unit={unit}
                id={curve.name}
                body={body}
                table={() => curveTable([curve], unit, name, words)}
                origin={{ recipeKey: "", sample: title }}
                isTable={isTable}
                onToggleTable={() => setTable(!isTable)}
              />
            )}
          />
        ))}
      </div>
      <details
        className={styles.numbers}
        open={isTable}
        onToggle={(event) => setTable(event.currentTarget.open)}
      >
        <summary>{words.numbers}</summary>
        {isTable ? (
          <ChartTableView
            table={curveTable(curves, unit, name, words)}
            caption={`${words.curvesOf}: ${title}`}
          />
        ) : null}
      </details>
    </>
  );
}
