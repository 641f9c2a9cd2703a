import { ChevronDown, Download } from "lucide-react";
import { useState } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import type { AdapterReach } from "#core/library/export-adapter.ts";
import { outputOf } from "../actions.ts";
import { Button } from "../controls/Button.tsx";
import { Slider } from "../controls/Slider.tsx";
import { useFormats } from "../format.ts";
import saveStyles from "../panels/save-dialog.module.css";
import { useWords } from "../words.ts";
import { adapterWords } from "./adapter-words.ts";
import styles from "./exchange.module.css";
import { RankCurve } from "./RankCurve.tsx";
import { firstRankOf, levels, shareAt } from "./ranks.ts";

const measure = () => commands().exchange((exchange) => exchange.measureAdapter());

/** The merge as a LoRA adapter of a chosen rank; nothing for recipes of several models. Opening it measures the ranks. */
export function AdapterPart() {
  const text = useWords(adapterWords);
  const isSingle = useApp((state) => outputOf(state.recipe?.method.id) === "single");
  const isReady = useApp((state) => state.libraryState === "ready");
  const adapter = useApp((state) =>
    state.adapter?.recipeKey === state.recipeKey ? state.adapter : undefined,
  );
  if (!isSingle) return null;
  return (
    <details
      className={saveStyles.part}
      onToggle={({ currentTarget }) => currentTarget.open && isReady && !adapter && measure()}
    >
      <summary className={styles.fold}>
        <ChevronDown size={14} aria-hidden className={styles.chevron} />
        <h3>{text.title}</h3>
      </summary>
      <div className={styles.folded}>
        <p className="muted">{text.note}</p>
        {adapter?.reach ? (
          <Ranks reach={adapter.reach} />
        ) : adapter ? (
          <p className="muted" aria-live="polite">
            {text.measuring}
          </p>
        ) : (
          <div className={saveStyles.actions}>
            <Button disabled={!isReady} onClick={measure}>
              {text.measure}
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

/** How much each rank keeps, and the choice of one. */
function Ranks({ reach: { kept, left } }: { readonly reach: AdapterReach }) {
  const text = useWords(adapterWords);
  const format = useFormats();
  const [chosen, setChosen] = useState(() => firstRankOf(kept));
  if (kept.length === 0) return <p>{text.nothing}</p>;
  const rank = Math.min(chosen, kept.length);
  const share = format.percent(shareAt(kept, rank));
  const sentence =
    rank === kept.length ? text.all(format.count(rank), share) : text.keeps(format.count(rank), share);
  return (
    <>
      <Slider
        label={text.rank}
        help={text.rankHelp}
        value={rank}
        initial={firstRankOf(kept)}
        min={1}
        max={Math.max(2, kept.length)}
        step={1}
        onChange={(value) => setChosen(Math.round(value))}
      />
      <RankCurve kept={kept} rank={rank} label={text.curve(format.count(kept.length))} />
      <div className={styles.levels}>
        {levels(kept).map((level) => (
          <Button key={level.share} look="quiet" onClick={() => setChosen(level.rank)}>
            {text.level(format.percent(level.share), format.count(level.rank))}
          </Button>
        ))}
      </div>
      <p aria-live="polite">
        {sentence} {left > 0 ? text.left(format.count(left)) : null}
      </p>
      <div className={saveStyles.actions}>
        <Button
          icon={<Download size={14} aria-hidden />}
          onClick={() => commands().exchange((exchange) => exchange.saveAdapter(rank))}
        >
          {text.save}
        </Button>
      </div>
    </>
  );
}
