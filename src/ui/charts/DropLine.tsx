import { useApp } from "#app/store.ts";
import { expertIndex, taskColour } from "../controls/TaskMark.tsx";
import styles from "./drop.module.css";
import { columnX, type DropBox, dropOf, type ProfileTensor, rateY, stepPath } from "./drop-geometry.ts";
import { TaskShape } from "./TaskShape.tsx";

interface DropLineProps {
  readonly expert: string;
  readonly profile: readonly ProfileTensor[];
  readonly box: DropBox;
  /** Where on the line its shape sits, 0…1: experts whose lines coincide stay apart. */
  readonly place: number;
}

/** One expert's drop rates: a step line, a tick where a rule decided, a ring where the tensor is exempt. */
export function DropLine({ expert, profile, box, place }: DropLineProps) {
  const index = useApp((state) => expertIndex(state, expert));
  const count = profile.length;
  const middle = Math.min(count - 1, Math.floor(place * count));
  const drop = profile[middle] && dropOf(profile[middle], expert);
  return (
    <g>
      <path className={styles.line} d={stepPath(box, profile, expert)} stroke={taskColour(index)} />
      {profile.map((tensor, i) => {
        const rate = dropOf(tensor, expert);
        const by = tensor.sites.get(expert)?.by;
        if (rate === undefined || (by !== "rule" && by !== "exempt")) return null;
        const x = (columnX(box, i, count) + columnX(box, i + 1, count)) / 2;
        const y = rateY(box, rate);
        return by === "rule" ? (
          <path key={tensor.name} className={styles.byHand} d={`M${x},${y - 5}v10`} />
        ) : (
          <circle key={tensor.name} className={styles.exempt} cx={x} cy={y} r={2.25} />
        );
      })}
      {drop === undefined ? null : (
        <TaskShape index={index} x={columnX(box, middle + 0.5, count)} y={rateY(box, drop)} />
      )}
    </g>
  );
}
