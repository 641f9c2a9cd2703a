import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { siteView, tensorView } from "../tensor-sites.ts";
import { useWords } from "../words.ts";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import styles from "./TensorMenu.module.css";
import { describeSite, figure, ratePercent } from "./tensor-describe.ts";
import { tensorWords } from "./tensor-words.ts";

interface Props {
  readonly card: TensorCard;
  readonly experts: readonly ShownExpert[];
}

/** What is known of a tensor: type, shape, statistics, and each expert's norm and drop rate with its reason. */
export function TensorFacts({ card, experts }: Props) {
  const words = useWords(tensorWords);
  const format = useFormats();
  const stats = useApp((state) => state.stats[card.name]);
  const shape = `${card.dtype} ${card.shape.join("×")}`;
  return (
    <>
      <p className="muted">
        {[words.roles[card.role], shape, words.entries(format.count(card.count))].join(" · ")}
        {stats && experts.length > 1 ? (
          <>
            <br />
            {`${words.sorts.conflict} ${format.at(0.01, stats.conflict)} · ${words.sorts.cosine} ${format.at(0.01, stats.cosine)}`}
          </>
        ) : null}
      </p>
      <ul className={styles.experts} aria-label={words.perExpert}>
        {experts.map((expert) => (
          <ExpertFacts key={expert.id} card={card} expert={expert} />
        ))}
      </ul>
    </>
  );
}

function ExpertFacts({ card, expert }: { card: TensorCard; expert: ShownExpert }) {
  const words = useWords(tensorWords);
  const format = useFormats();
  const norm = useApp(({ stats }) => stats[card.name]?.experts.find((row) => row.expert === expert.id)?.norm);
  const view = useApp((state) => siteView(state, card, [expert.id]));
  const { keep } = useApp((state) => tensorView(state, card));
  const rules = useApp((state) => state.recipe?.rules) ?? [];
  return (
    <li className={styles.expert}>
      <TaskMark index={expert.task} size={11} />
      <span>{expert.label}</span>
      <span className={styles.figure}>
        {norm === undefined ? "–" : `${words.columns.norm} ${figure(norm, format)}`}
      </span>
      <span className={styles.figure}>{view.rate === undefined ? "–" : ratePercent(view.rate, format)}</span>
      <span className={styles.why}>{describeSite(view, keep, rules, words, format)}</span>
    </li>
  );
}
