import { Download } from "lucide-react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { Disclosure } from "../charts/Disclosure.tsx";
import { Button } from "../controls/Button.tsx";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { MaskChartProps } from "./MasksPanel.tsx";
import { useMaskExperts } from "./mask-experts.ts";
import { densities, wholeOf } from "./mask-numbers.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

/** One row per region: how dense, how many weights, how large its file is; saved from here. */
export function RegionTable({ summary }: MaskChartProps) {
  const words = useWords(masksWords);
  const format = useFormats();
  const experts = useMaskExperts(summary);
  const isReady = useApp((state) => state.libraryState === "ready");
  const whole = wholeOf(summary);
  const shares = densities(whole);
  const ratioOf = (bytes: number) => {
    if (bytes === 0) return "–";
    const factor = summary.modelBytes / bytes;
    const { smaller, larger } = words.regions;
    return factor >= 1 ? smaller(format.number(factor)) : larger(format.number(1 / factor));
  };
  return (
    <Disclosure id="regions" title={words.regions.title} note={words.regions.unit}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.scroller} aria-label={words.regions.title} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{words.expert}</th>
              <th scope="col">{words.regions.density}</th>
              <th scope="col">{words.regions.entries}</th>
              <th scope="col">{words.regions.size}</th>
              <th scope="col">{words.regions.compression}</th>
              <td className={styles.save} />
            </tr>
          </thead>
          <tbody>
            {experts.map(({ id, label, index }, k) => {
              const bytes = summary.regionBytes[k] ?? 0;
              return (
                <tr key={id}>
                  <th scope="row">
                    <span className={styles.name}>
                      <TaskMark index={index} size={10} />
                      {label}
                    </span>
                  </th>
                  <td className={styles.strong}>{format.percent(shares[k] ?? 0)}</td>
                  <td>{format.count(whole.kept[k] ?? 0)}</td>
                  <td>{format.bytes(bytes)}</td>
                  <td>{ratioOf(bytes)}</td>
                  <td className={styles.save}>
                    <Button
                      look="quiet"
                      icon={<Download size={14} aria-hidden />}
                      aria-label={words.regions.saveOf(label)}
                      disabled={!isReady}
                      onClick={() => commands().work((work) => work.saveRegion(id))}
                    >
                      <span className={styles.saveWord}>{words.regions.save}</span>
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <p className={styles.caption}>{words.regions.total(format.bytes(summary.modelBytes))}</p>
    </Disclosure>
  );
}
