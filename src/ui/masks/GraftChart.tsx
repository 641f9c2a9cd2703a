import { useMemo } from "react";
import { commands } from "#app/commands.ts";
import { type Graft, type GraftRow, graftRows } from "#app/grafts.ts";
import type { Grafted } from "#app/slices/masks.ts";
import { useApp } from "#app/store.ts";
import type { Estimate } from "#core/eval/report.ts";
import { ChartFrame } from "../charts/ChartFrame.tsx";
import { RunBar } from "../charts/RunBar.tsx";
import { Button } from "../controls/Button.tsx";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { GraftRows } from "./GraftRows.tsx";
import type { MaskChartProps } from "./MasksPanel.tsx";
import { type MaskExpert, useMaskExperts } from "./mask-experts.ts";
import { gainBack } from "./mask-numbers.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

type Words = (typeof masksWords)["en"];

/** One region beside what it is compared with; what is not known yet is absent. */
export interface Tried {
  readonly expert: MaskExpert;
  readonly row: GraftRow;
  readonly base: Grafted | undefined;
  readonly region: Grafted | undefined;
  readonly random: Grafted | undefined;
  readonly whole: Grafted | undefined;
  readonly gain: Estimate | undefined;
  readonly randomGain: Estimate | undefined;
}

/** What each region does alone: the base with nothing but that region grafted in. */
export function GraftChart({ library, recipe, summary, regions }: MaskChartProps) {
  const words = useWords(masksWords);
  const format = useFormats();
  const experts = useMaskExperts(summary);
  const grafted = useApp((state) => state.grafted);
  const rows = useMemo(() => graftRows(recipe, library, summary), [recipe, library, summary]);
  const tried = rows.map((row) => triedOf(row, grafted, experts));
  const known = tried
    .flatMap(({ base, region, random, whole }) => [base, region, random, whole])
    .filter(isKnown);
  const isQuick = known.some(({ subset }) => subset === "quick");
  const n = Math.max(0, ...known.map(({ accuracy }) => accuracy.n));

  return (
    <ChartFrame
      id="region-grafts"
      title={words.graft.title}
      unit={words.graft.unit}
      summary={summaryOf(tried, words, format)}
      {...(isQuick ? { note: words.graft.quick } : {})}
      table={() => tableOf(tried, words)}
      origin={{ recipeKey: regions, sample: words.graft.sample(format.n(n), isQuick) }}
      controls={<Controls rows={rows} grafted={grafted} />}
    >
      {(width) => (known.length > 0 ? <GraftRows tried={tried} width={width} /> : null)}
    </ChartFrame>
  );
}

/** Starts and stops; says how many models are missing. */
function Controls({
  rows,
  grafted,
}: {
  readonly rows: readonly GraftRow[];
  readonly grafted: Readonly<Record<string, Grafted>>;
}) {
  const words = useWords(masksWords).graft;
  const format = useFormats();
  const run = useApp((state) => (state.graftRun?.of.kind === "regions" ? state.graftRun : undefined));
  const isReady = useApp((state) => state.libraryState === "ready");
  const all = rows.flatMap(({ base, region, random, whole }) => [base, region, random, whole]);
  const missing = all.filter(({ key }) => grafted[key]?.subset !== "full").length;
  return (
    <RunBar label={words.label} run={run} onStop={() => commands().work((work) => work.stopRegions())}>
      {missing === 0 ? (
        <span className={styles.told}>{words.done}</span>
      ) : (
        <>
          <Button disabled={!isReady} onClick={() => commands().work((work) => work.measureRegions())}>
            {words.start(format.count(missing))}
          </Button>
          <span className={styles.told}>{words.cost}</span>
        </>
      )}
    </RunBar>
  );
}

function triedOf(
  row: GraftRow,
  grafted: Readonly<Record<string, Grafted>>,
  experts: readonly MaskExpert[],
): Tried {
  const of = ({ key }: Graft) => grafted[key];
  const [base, region, random, whole] = [of(row.base), of(row.region), of(row.random), of(row.whole)];
  const back = (one: Grafted | undefined) =>
    one && base && whole ? gainBack(one.accuracy, base.accuracy, whole.accuracy) : undefined;
  const expert = experts.find(({ id }) => id === row.expert) ?? {
    id: row.expert,
    label: row.expert,
    index: 0,
  };
  return { expert, row, base, region, random, whole, gain: back(region), randomGain: back(random) };
}

function summaryOf(tried: readonly Tried[], { graft: words }: Words, format: Formats): string {
  const known = tried.flatMap(({ expert, gain }) =>
    gain ? [{ label: expert.label, gain: gain.value }] : [],
  );
  const ranked = known.toSorted((a, b) => b.gain - a.gain);
  const [best, worst] = [ranked[0], ranked.at(-1)];
  if (!best || !worst) return words.waiting;
  const random = tried.flatMap(({ randomGain }) => (randomGain ? [randomGain.value] : []));
  const mean = random.reduce((sum, value) => sum + value, 0) / random.length;
  const first =
    best === worst
      ? words.summaryOne(best.label, format.percent(best.gain))
      : words.summary(best.label, format.percent(best.gain), worst.label, format.percent(worst.gain));
  return random.length > 0 ? `${first} ${words.randomMean(format.percent(mean))}` : first;
}

function tableOf(tried: readonly Tried[], words: Words) {
  const { graft } = words;
  const names = [graft.base, graft.random, graft.region, graft.whole];
  const columns = [...names, graft.gain].flatMap((name) => [name, words.low(name), words.high(name)]);
  const share = (one: Grafted | undefined) => one && one.accuracy.k / one.accuracy.n;
  return {
    columns: [words.expert, words.n, ...columns],
    rows: tried.map(({ expert, base, random, region, whole, gain }) => [
      expert.label,
      region?.accuracy.n,
      ...[base, random, region, whole].flatMap((one) => [share(one), one?.accuracy.low, one?.accuracy.high]),
      gain?.value,
      gain?.low,
      gain?.high,
    ]),
  };
}

function isKnown(one: Grafted | undefined): one is Grafted {
  return one !== undefined;
}
