import { Check } from "lucide-react";
import { commands } from "#app/commands.ts";
import { expertCard } from "#app/selectors.ts";
import type { Work } from "#app/slices/work.ts";
import { useApp } from "#app/store.ts";
import { addExpert, setExpertEnabled } from "#core/recipe/edit.ts";
import { useCards } from "../cards.ts";
import { Button } from "../controls/Button.tsx";
import { expertIndex, TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { EvidenceRow } from "./EvidenceRow.tsx";
import { jobWords } from "./job-words.ts";
import styles from "./workbench.module.css";

type Outcome = NonNullable<Work["outcome"]>;
type Coefficients = Extract<Outcome, { kind: "coefficients" }>["coefficients"];

/** What came of a job, and what can be done with it. */
export function JobResult({ job: { id, kind, outcome } }: { readonly job: Work }) {
  const words = useWords(jobWords);
  const format = useFormats();
  switch (outcome?.kind) {
    case undefined:
      return null;
    case "trained":
      return <NewExpert id={outcome.expert.id} />;
    case "evidence":
      return (
        <ul className={styles.evidence}>
          {outcome.evidence.map((card) => (
            <EvidenceRow key={card.id} id={card.id} isTitled={kind === "fisher" || kind === "gram"} />
          ))}
        </ul>
      );
    case "coefficients":
      return <Found id={id} coefficients={outcome.coefficients} method={outcome.of?.method.id} />;
    case "paused":
      return (
        <p className="muted">
          {words.pausedAt(format.count(outcome.run.step), format.count(outcome.run.steps))}
        </p>
      );
    default:
      return outcome satisfies never;
  }
}

function NewExpert({ id }: { readonly id: string }) {
  const words = useWords(jobWords);
  const format = useFormats();
  const card = useApp((state) => expertCard(state, id));
  const isPart = useApp(({ recipe }) => recipe?.experts.find((expert) => expert.id === id)?.enabled ?? false);
  const edit = useApp((state) => state.edit);
  const last = card?.checkpoints.at(-1);
  if (!card || !last) return <p className="muted">{words.gone}</p>;
  return (
    <div className={styles.result}>
      <p>{words.trained(card.label, card.checkpoints.length, format.count(last.step))}</p>
      {isPart ? (
        <p className={styles.used}>
          <Check size={14} aria-hidden />
          {words.takesPart}
        </p>
      ) : (
        <Button onClick={() => edit((recipe) => setExpertEnabled(addExpert(recipe, id), id, true))}>
          {words.takeIn}
        </Button>
      )}
    </div>
  );
}

interface FoundProps {
  readonly id: Work["id"];
  readonly coefficients: Coefficients;
  /** Of the recipe that they are of; undefined where they scale plain task vectors. */
  readonly method: string | undefined;
}

/** Coefficients by expert: their mean, and how far its tensors differ. */
function Found({ id, coefficients, method }: FoundProps) {
  const words = useWords(jobWords);
  const { methods } = useCards();
  const label = methods.find((card) => card.id === method)?.label;
  return (
    <div className={styles.result}>
      <table className={styles.coefficients}>
        <caption className="visually-hidden">{words.coefficients}</caption>
        <tbody>
          {coefficients.map(({ expert, tensors }) => (
            <Coefficient key={expert} expert={expert} values={[...tensors.values()]} />
          ))}
        </tbody>
      </table>
      <Button onClick={() => commands().work((work) => work.applyCoefficients(id))}>{words.write}</Button>
      <p className={styles.small}>{label ? words.writeOwnNote(label) : words.writeNote}</p>
    </div>
  );
}

function Coefficient({ expert, values }: { readonly expert: string; readonly values: readonly number[] }) {
  const words = useWords(jobWords);
  const format = useFormats();
  const index = useApp((state) => expertIndex(state, expert));
  const label = useApp((state) => expertCard(state, expert)?.label ?? expert);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (
    <tr>
      <th scope="row">
        <TaskMark index={index} /> {label}
      </th>
      <td>
        <b>{format.at(0.01, mean)}</b>
      </td>
      <td className="muted" title={words.spread}>
        {low === high ? "" : `${format.at(0.01, low)} … ${format.at(0.01, high)}`}
      </td>
    </tr>
  );
}
