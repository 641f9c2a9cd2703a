import { useState } from "react";
import type { Role } from "#core/recipe/schema.ts";
import type { MaskShare } from "#core/summary.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { Choice } from "../controls/Choice.tsx";
import { useFormats } from "../format.ts";
import { tensorWords } from "../panels/tensor-words.ts";
import { useWords } from "../words.ts";
import type { MaskChartProps } from "./MasksPanel.tsx";
import { useCountOrigin, useMaskExperts } from "./mask-experts.ts";
import { densities, meanDensity } from "./mask-numbers.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";
import { PlaceStrip } from "./PlaceStrip.tsx";

/** How dense each region is in each block of the network, or in each kind of tensor. */
export function PlaceChart({ summary, regions }: MaskChartProps) {
  const words = useWords(masksWords);
  const format = useFormats();
  const roles = useWords(tensorWords).roles;
  const experts = useMaskExperts(summary);
  const origin = useCountOrigin(summary, regions);
  const [by, setBy] = useState<"blocks" | "roles">("blocks");
  const isRole = (name: string): name is Role => name in roles;
  const nameOf = (name: string) =>
    name === "" ? words.place.outside : by === "roles" && isRole(name) ? roles[name] : name;
  const parts = summary[by].map((part): MaskShare => ({ ...part, name: nameOf(part.name) }));
  const ranked = parts.toSorted((a, b) => meanDensity(b) - meanDensity(a));
  const [most, least] = [ranked[0], ranked.at(-1)];
  const text =
    most && least
      ? words.place.summary(
          most.name,
          format.percent(meanDensity(most)),
          least.name,
          format.percent(meanDensity(least)),
        )
      : "";

  return (
    <ChartFrame
      id="region-place"
      title={words.place.title}
      unit={words.place.unit}
      summary={text}
      table={() => ({
        columns: [words.place.part, words.weights, ...experts.map(({ label }) => label)],
        rows: parts.map((part) => [part.name, part.entries, ...densities(part)]),
      })}
      origin={origin}
      controls={
        <div className={styles.choices}>
          <Choice
            label={words.place.by}
            options={[
              { value: "blocks", label: words.place.blocks },
              { value: "roles", label: words.place.roles },
            ]}
            value={by}
            onChange={(value) => setBy(value === "roles" ? "roles" : "blocks")}
          />
        </div>
      }
    >
      {(width) => <PlaceStrip parts={parts} experts={experts} width={width} />}
    </ChartFrame>
  );
}
