import { Gauge } from "lucide-react";
import { type CSSProperties, useMemo } from "react";
import { commands } from "#app/commands.ts";
import { type MissingEvidence, missingEvidence } from "#app/flow/requests.ts";
import type { Work } from "#app/slices/work.ts";
import { store, useApp } from "#app/store.ts";
import { Button } from "../controls/Button.tsx";
import { durationText } from "../duration.ts";
import { useFormats } from "../format.ts";
import { useCost } from "../use-cost.ts";
import { useWords } from "../words.ts";
import { evidenceNeedWords } from "./evidence-need-words.ts";
import styles from "./evidence-needs.module.css";

type Kind = MissingEvidence["kind"];

/** What the recipe must know of its experts before it can be merged, with what it costs; nothing when it lacks nothing. */
export function EvidenceNeeds() {
  const recipe = useApp((state) => state.recipe);
  const library = useApp((state) => state.library);
  const evidence = useApp((state) => state.evidence);
  const missing = useMemo(
    () => (recipe && library ? missingEvidence(recipe, library, evidence) : []),
    [recipe, library, evidence],
  );
  const kinds = [...new Set(missing.map(({ kind }) => kind))];
  return kinds.map((kind) => (
    <Need key={kind} kind={kind} missing={missing.filter((one) => one.kind === kind)} />
  ));
}

interface NeedProps {
  readonly kind: Kind;
  readonly missing: readonly MissingEvidence[];
}

function Need({ kind, missing }: NeedProps) {
  const text = useWords(evidenceNeedWords);
  const format = useFormats();
  const labels = useApp((state) => state.library?.experts);
  const requests = missing.flatMap(({ request, known }) => (request && known === undefined ? [request] : []));
  const keys = requests.map((request) => keyOf({ request }));
  // Jobs come and go by state only here: a leaf that curves and progress do not change.
  const isUnderWay = useApp(({ work }) => work.some((one) => isAhead(one) && keys.includes(keyOf(one))));
  const failure = useApp(({ work }) => work.findLast((one) => keys.includes(keyOf(one)))?.failure?.message);
  const without = missing.flatMap(({ expert, request, known }) =>
    request || known !== undefined ? [] : [labels?.find(({ id }) => id === expert)?.label ?? expert],
  );
  const hasAll = requests.length === 0 && missing.some(({ known }) => known !== undefined);
  return (
    <div className={styles.need} role="status">
      <Gauge size={15} aria-hidden className={styles.sign} />
      {isUnderWay ? (
        <UnderWay kind={kind} keys={keys} missing={missing.length} />
      ) : (
        <>
          <p>
            {hasAll ? text.hasAll(text.kinds[kind]) : null}
            {requests.length > 0 ? <Wanted kind={kind} requests={requests} /> : null}
            {failure === undefined ? null : ` ${text.failed(failure)}`}
            {without.length === 0 ? null : ` ${text.without(format.list(without))}`}
          </p>
          {hasAll || requests.length > 0 ? (
            <Button onClick={() => commands().work((work) => work.measureMissing())}>
              {hasAll ? text.use : text.measure[kind]}
            </Button>
          ) : null}
        </>
      )}
    </div>
  );
}

/** How much is needed of how many, and how long that takes: measured on the first of them. */
function Wanted({ kind, requests }: { readonly kind: Kind; readonly requests: readonly Work["request"][] }) {
  const text = useWords(evidenceNeedWords);
  const language = useApp((state) => state.language);
  const cost = useCost(requests[0])?.cost;
  const needs = text.needs(text.kinds[kind], requests.length);
  return cost
    ? needs + text.takes(durationText(cost.seconds * requests.length, language))
    : needs + text.asking;
}

interface UnderWayProps {
  readonly kind: Kind;
  /** Requests that are still to be done, as JSON. */
  readonly keys: readonly string[];
  readonly missing: number;
}

/** How many of the merge's experts are done, and how far the one is that is being measured. */
function UnderWay({ kind, keys, missing }: UnderWayProps) {
  const text = useWords(evidenceNeedWords);
  const total = useApp(({ recipe }) => recipe?.experts.filter(({ enabled }) => enabled).length ?? 0);
  const partly = useApp(({ work }) => {
    const { progress } = work.find((one) => one.state === "running" && keys.includes(keyOf(one))) ?? {};
    return progress ? progress.done / Math.max(1, progress.total) : 0;
  });
  const done = total - missing;
  const style: CSSProperties & Record<"--done", number> = { "--done": (done + partly) / Math.max(1, total) };
  const stop = () => {
    for (const one of store.getState().work) {
      if (isAhead(one) && keys.includes(keyOf(one))) commands().work((work) => work.cancel(one.id));
    }
  };
  return (
    <>
      <p className={styles.running}>
        {text.running(text.kinds[kind], done, total)}
        <span className={styles.bar} style={style} />
      </p>
      <Button look="quiet" onClick={stop}>
        {text.stop}
      </Button>
    </>
  );
}

/** Names a job by what it does. */
function keyOf({ request }: Pick<Work, "request">): string {
  return JSON.stringify(request);
}

function isAhead({ state }: Pick<Work, "state">): boolean {
  return state === "queued" || state === "running" || state === "pausing";
}
