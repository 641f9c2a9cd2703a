import { commands } from "#app/commands.ts";
import type { OpenedMerge } from "#app/slices/exchange.ts";
import { store, useApp } from "#app/store.ts";
import { methodCards } from "#core/catalog.ts";
import { findExperts } from "#core/recipe/find-experts.ts";
import type { RepairPolicy } from "#core/recipe/repair.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { recipeToText } from "#core/recipe/share.ts";
import type { Ancestry, AncestryExpert, Rederived } from "#core/summary.ts";
import { Button } from "../controls/Button.tsx";
import { Modal } from "../controls/Modal.tsx";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./exchange.module.css";
import { exchangeWords } from "./exchange-words.ts";

type Words = (typeof exchangeWords)["en"]["ancestry"];

/** Where a merged file comes from: its recipe and parents, which of them are here, and whether it can be derived again. */
export function AncestryDialog() {
  const text = useWords(exchangeWords).ancestry;
  const opened = useApp((state) => state.openedMerge);
  const patchView = useApp((state) => state.patchView);
  const label = useApp(
    (state) => state.library?.experts.find(({ id }) => id === state.openedMerge?.expert)?.label,
  );
  if (!opened) return null;
  const { ancestry } = opened;
  return (
    <Modal
      open
      onClose={() => patchView({ dialog: undefined })}
      title={text.title(label ?? opened.expert)}
      description={text.description(methodLabel(ancestry.recipe.method.id))}
    >
      {ancestry.task === undefined ? null : <p>{text.task(ancestry.task)}</p>}
      {ancestry.hasNames ? null : <p>{text.hidden}</p>}
      <Parents ancestry={ancestry} />
      <Again opened={opened} />
    </Modal>
  );
}

/** A line of the family tree. */
interface Line extends Omit<AncestryExpert, "here" | "step"> {
  readonly key: string;
  readonly depth: number;
  readonly step?: number;
  readonly here?: string | undefined;
}

/** A merge's base and experts, each followed by those that it was merged from itself; a base is told once. */
function linesOf(
  { base, experts }: Ancestry,
  words: { readonly base: string; nameOf(id: string): string },
  above?: { readonly key: string; readonly depth: number; readonly base: string },
): readonly Line[] {
  const depth = above ? above.depth + 1 : 0;
  const under = (one: Omit<Line, "depth" | "key">): readonly Line[] => {
    const key = `${above?.key ?? ""}/${one.id}`;
    const own = one.made ? linesOf(one.made, words, { key, depth, base: base.content }) : [];
    return [{ ...one, key, depth }, ...own];
  };
  const { isHere, ...root } = base;
  const isTold = above?.base === base.content;
  return [
    ...(isTold ? [] : under({ ...root, id: words.base, here: isHere ? words.base : undefined })),
    ...experts.flatMap(({ here, ...one }) => under({ ...one, here: here && words.nameOf(here.expert) })),
  ];
}

function Parents({ ancestry }: Pick<OpenedMerge, "ancestry">) {
  const text = useWords(exchangeWords).ancestry;
  const cards = useApp((state) => state.library?.experts);
  const nameOf = (id: string) => cards?.find((card) => card.id === id)?.label ?? id;
  return (
    <div className={styles.scroller}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{text.parents}</th>
            <th scope="col">{text.step}</th>
            <th scope="col">{text.content}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {linesOf(ancestry, { base: text.base, nameOf }).map(
            ({ key, depth, id, file, step, content, here, repairedBy, made }) => (
              <tr key={key}>
                <th scope="row" style={{ paddingInlineStart: 16 * depth }}>
                  {file ?? id}
                  {made ? <p className="muted">{text.mergedBy(methodLabel(made.recipe.method.id))}</p> : null}
                </th>
                <td>{step ?? "–"}</td>
                <Content id={content} />
                <td>
                  {here ? text.isHere(here) : text.isMissing}
                  <Repaired by={repairedBy} />
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** What stood in for entries of a parent that are no numbers: its file must be opened in the same way to be found. */
function Repaired({ by }: { readonly by: RepairPolicy | undefined }) {
  const text = useWords(exchangeWords).ancestry;
  return by === undefined ? null : <p className="muted">{text.repaired[by]}</p>;
}

/** The beginning of a content's hash; the whole on hover. */
function Content({ id }: { readonly id: string }) {
  return (
    <td title={id}>
      <code>{id.slice("sha256:".length, "sha256:".length + 8)}</code>
    </td>
  );
}

function Again({ opened: { ancestry, rederived } }: { readonly opened: OpenedMerge }) {
  const text = useWords(exchangeWords).ancestry;
  const format = useFormats();
  return (
    <>
      <p aria-live="polite" className={styles.result}>
        {rederived === undefined
          ? ""
          : rederived === "running"
            ? text.running
            : resultText(rederived, text, format)}
      </p>
      <div className={styles.actions}>
        <Button
          look="primary"
          disabled={rederived === "running"}
          onClick={() => commands().exchange((exchange) => exchange.rederive())}
        >
          {text.again}
        </Button>
        <Button
          look="quiet"
          onClick={() => {
            commands().openRecipeText(recipeToText(recipeAtHome(ancestry)));
            store.getState().patchView({ dialog: undefined });
          }}
        >
          {text.use}
        </Button>
      </div>
    </>
  );
}

/** The recipe with its experts under the names of what is open here, wherever they were found. */
function recipeAtHome({ recipe, base, experts }: OpenedMerge["ancestry"]): Recipe {
  const inputs = Object.fromEntries(experts.map(({ id, step, content }) => [id, { step, id: content }]));
  const open = experts.flatMap(({ content, here }) =>
    here ? [{ id: here.expert, checkpoints: [{ id: content, step: here.step }] }] : [],
  );
  return findExperts(recipe, { base: base.content, experts: inputs }, open);
}

function resultText(result: Rederived, text: Words, format: Formats): string {
  switch (result.status) {
    case "equal":
      return text.equal(result.tensors);
    case "differs":
      if ("isMissing" in result) return text.lacks(result.tensor);
      return text.differs(
        result.tensor,
        format.count(result.index),
        String(result.computed),
        String(result.stored),
      );
    case "missing":
      if (result.isBaseMissing) return text.wrongBase;
      return [
        text.missing(format.list(result.experts)),
        ...(result.canBeMade.length > 0 ? [text.canBeMade(format.list(result.canBeMade))] : []),
      ].join(" ");
    case "unrepeatable":
      return text.unrepeatable;
    default:
      return result satisfies never;
  }
}

function methodLabel(id: string): string {
  return methodCards.find((card) => card.id === id)?.label ?? id;
}
