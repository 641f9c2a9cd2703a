import { Suspense, use } from "react";
import { useApp } from "#app/store.ts";
import { type ShownZooCard, zooCardOf } from "#app/zoo-card.ts";
import { OWN_FAMILY } from "#core/zoo.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { Disclosure } from "./Disclosure.tsx";
import styles from "./zoo.module.css";
import { zooWords } from "./zoo-words.ts";

/** What the zoo measured of itself on the test split, how sure it is, and where its data come from. */
export function ZooCard() {
  const words = useWords(zooWords);
  const isOwn = useApp((state) => state.family === OWN_FAMILY);
  if (isOwn) return null;
  return (
    <Disclosure id="zoo-card" title={words.title} note={words.note} isClosedAtFirst>
      <Suspense fallback={null}>
        <Fetched />
      </Suspense>
    </Disclosure>
  );
}

function Fetched() {
  const words = useWords(zooWords);
  const card = use(zooCardOf(useApp((state) => state.family)));
  return card ? <ZooCardBody card={card} /> : <p className={styles.text}>{words.missing}</p>;
}

export function ZooCardBody({ card }: { readonly card: ShownZooCard }) {
  const words = useWords(zooWords);
  const format = useFormats();
  return (
    <div className={styles.card}>
      <p className={styles.text}>
        {words.intro(card.name, format.compact(card.parameters), card.trainedBy)}{" "}
        {words.base(format.percent(card.measured.base))}
      </p>
      <MeasuredTable measured={card.measured} />
      {card.seeds.length > 0 ? <Falls card={card} /> : null}
      <h4 className={styles.heading}>{words.sources}</h4>
      <ul className={styles.list}>
        {card.sources.map(({ name, licence, url }) => (
          <li key={name}>
            <a href={url} target="_blank" rel="noreferrer">
              {name}
            </a>
            : {licence}
          </li>
        ))}
      </ul>
    </div>
  );
}

function MeasuredTable({ measured }: { readonly measured: ShownZooCard["measured"] }) {
  const { table } = useWords(zooWords);
  const format = useFormats();
  const { steps, expert, average, taskArithmeticBest: best, taskArithmeticLambda: lambda } = measured;
  const share = (value: number | undefined) => (value === undefined ? "–" : format.percent(value));
  const top = best.indexOf(Math.max(...best));
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{table.caption}</caption>
      <thead>
        <tr>
          {[table.step, table.expert, table.average, table.best, table.lambda].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {steps.map((step, i) => (
          <tr key={step} data-top={i === top}>
            <th scope="row">{format.count(step)}</th>
            <td>{share(expert[i])}</td>
            <td>{share(average[i])}</td>
            <td>{share(best[i])}</td>
            <td>{lambda[i] === undefined ? "–" : format.at(0.05, lambda[i])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Falls({ card: { seeds, measured } }: { readonly card: ShownZooCard }) {
  const words = useWords(zooWords);
  const format = useFormats();
  const isSure = seeds.every(({ ci95: [low] }) => low > 0);
  const last = format.count(measured.steps.at(-1) ?? 0);
  return (
    <>
      <h4 className={styles.heading}>{isSure ? words.falls : words.peaks}</h4>
      <ul className={styles.list}>
        {seeds.map(({ seed, shipped, peakStep, fall, ci95: [low, high] }) => (
          <li key={seed}>
            {words.seed(format.count(seed))}
            {shipped ? ` (${words.shipped})` : ""}: {words.fall(format.count(peakStep), last)}{" "}
            <strong>{words.points(format.points(-fall), format.points(-high), format.points(-low))}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}
