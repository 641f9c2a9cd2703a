import type { SeamQuantity } from "#app/slices/view.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./SeamMap.module.css";
import { seamNumber } from "./seam-map-describe.ts";
import type { SeamValues } from "./seam-map-model.ts";
import { seamWords } from "./seam-map-words.ts";

interface Props {
  readonly map: SeamValues;
  readonly quantity: SeamQuantity;
  /** The cell under the pointer or the keyboard, in words. */
  readonly readout: string;
}

/** The scale of lightness, the two marks, and what is pointed at. */
export function SeamMapLegend({ map, quantity, readout }: Props) {
  const words = useWords(seamWords);
  const format = useFormats();
  const end = (value: number) =>
    quantity === "density" ? format.percent(value) : seamNumber(value, quantity, format);
  return (
    <div className={styles.legend}>
      <span className={styles.scale}>
        {end(map.low)}
        <span className={styles.ramp} aria-hidden />
        {end(map.high)}
      </span>
      {quantity === "density" && (
        <span className={styles.key}>
          <span className={styles.tick} aria-hidden />
          {words.byHand}
        </span>
      )}
      <span className={styles.key}>
        <span className={styles.hatch} aria-hidden />
        {words.fromBase}
      </span>
      <span className={styles.readout}>{readout}</span>
    </div>
  );
}
