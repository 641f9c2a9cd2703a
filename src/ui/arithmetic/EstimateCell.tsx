import type { Estimate } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import styles from "./arithmetic.module.css";

/** A number of a table with its interval and n. */
export function EstimateCell({ estimate }: { readonly estimate: Estimate | undefined }) {
  const format = useFormats();
  if (!estimate) return <td>–</td>;
  return (
    <td>
      {format.percent(estimate.value)}
      <span className={styles.interval}>
        {format.interval(estimate)}, {format.n(estimate.n)}
      </span>
    </td>
  );
}
