import { Download, Scale } from "lucide-react";
import { useState } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import type { AdapterReach } from "#core/library/export-adapter.ts";
import { outputOf } from "../actions.ts";
import { Button } from "../controls/Button.tsx";
import { NumberField } from "../controls/NumberField.tsx";
import { useFormats } from "../format.ts";
import saveStyles from "../panels/save-dialog.module.css";
import { useWords } from "../words.ts";
import { adapterWords } from "./adapter-words.ts";

/** Ranks that can be asked for; core refuses none of them. */
const RANKS = { min: 1, max: 256, step: 1 };
const FIRST_RANK = 16;

/** The merge as a LoRA adapter of a chosen rank; nothing for recipes of several models. */
export function AdapterPart() {
  const text = useWords(adapterWords);
  const [rank, setRank] = useState(FIRST_RANK);
  const isSingle = useApp((state) => outputOf(state.recipe?.method.id) === "single");
  const isReady = useApp((state) => state.libraryState === "ready");
  const adapter = useApp((state) =>
    state.adapter?.recipeKey === state.recipeKey ? state.adapter : undefined,
  );
  if (!isSingle) return null;
  return (
    <section className={saveStyles.part}>
      <h3>{text.title}</h3>
      <p className="muted">{text.note}</p>
      <NumberField
        label={text.rank}
        value={rank}
        onChange={(value) => setRank(Math.round(value))}
        {...RANKS}
      />
      <div className={saveStyles.actions}>
        <Button
          icon={<Download size={14} aria-hidden />}
          disabled={!isReady}
          onClick={() => commands().exchange((exchange) => exchange.saveAdapter(rank))}
        >
          {text.save}
        </Button>
        {adapter ? null : (
          <Button
            look="quiet"
            icon={<Scale size={14} aria-hidden />}
            disabled={!isReady}
            onClick={() => commands().exchange((exchange) => exchange.measureAdapter())}
          >
            {text.measure}
          </Button>
        )}
      </div>
      <p className="muted" aria-live="polite">
        {adapter ? <Reach reach={adapter.reach} rank={rank} /> : null}
      </p>
    </section>
  );
}

interface ReachProps {
  readonly reach: AdapterReach | undefined;
  readonly rank: number;
}

/** What the rank keeps, in a sentence or two. */
function Reach({ reach, rank }: ReachProps) {
  const text = useWords(adapterWords);
  const format = useFormats();
  if (!reach) return text.measuring;
  const { kept, left } = reach;
  if (kept.length === 0) return text.nothing;
  const share = kept[rank - 1];
  const sentence =
    share === undefined || rank === kept.length
      ? text.all(format.count(Math.min(rank, kept.length)))
      : text.keeps(format.count(rank), format.percent(share));
  return left > 0 ? `${sentence} ${text.left(format.count(left))}` : sentence;
}
