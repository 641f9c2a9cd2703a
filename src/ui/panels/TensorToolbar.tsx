import { ListChecks, X } from "lucide-react";
import { useId } from "react";
import type { SortKey } from "#app/slices/view.ts";
import { useApp } from "#app/store.ts";
import { roles } from "#core/recipe/schema.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { TaskMark } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import styles from "./TensorToolbar.module.css";
import { tensorWords } from "./tensor-words.ts";

interface Props {
  /** Names that pass the filters. */
  readonly names: readonly string[];
  readonly total: number;
  readonly experts: readonly ShownExpert[];
  /** Undefined = all. */
  readonly chosen: string | undefined;
  readonly hiddenSorts: readonly SortKey[];
  onChoose(expert: string | undefined): void;
}

/** What the table shows: filters with the number of matches, the expert of its columns, and sorts that have no column. */
export function TensorToolbar({ names, total, experts, chosen, hiddenSorts, onChoose }: Props) {
  const words = useWords(tensorWords);
  const format = useFormats();
  const select = useApp((state) => state.select);
  const isFiltered = useApp((state) => state.filter.trim() !== "" || state.roleFilter !== undefined);
  const count = isFiltered
    ? words.matches(format.count(names.length), format.count(total))
    : words.total(format.count(total), total);
  return (
    <search className={styles.toolbar} aria-label={words.title}>
      <Filter />
      <RoleFilter />
      <output className={styles.count} aria-live="polite">
        {count}
      </output>
      <Button
        look="quiet"
        className={styles.selectAll}
        icon={<ListChecks size={14} aria-hidden />}
        aria-label={words.selectShown}
        title={words.selectShown}
        disabled={names.length === 0}
        onClick={() => select(names, "replace")}
      >
        <span className={styles.word}>{words.selectShown}</span>
      </Button>
      {hiddenSorts.length > 0 && <SortChoice keys={hiddenSorts} />}
      <ExpertSwitch experts={experts} chosen={chosen} onChoose={onChoose} />
    </search>
  );
}

function Filter() {
  const words = useWords(tensorWords);
  const filter = useApp((state) => state.filter);
  const patchView = useApp((state) => state.patchView);
  return (
    <span className={styles.filter}>
      <input
        type="text"
        className={styles.text}
        aria-label={words.filter}
        placeholder={words.filterHint}
        spellCheck={false}
        autoComplete="off"
        value={filter}
        onChange={(event) => patchView({ filter: event.currentTarget.value })}
        onKeyDown={(event) => event.key === "Escape" && patchView({ filter: "" })}
      />
      {filter !== "" && (
        <IconButton
          label={words.clearFilter}
          icon={<X size={14} aria-hidden />}
          className={styles.clear}
          onClick={() => patchView({ filter: "" })}
        />
      )}
    </span>
  );
}

function RoleFilter() {
  const words = useWords(tensorWords);
  const role = useApp((state) => state.roleFilter);
  const patchView = useApp((state) => state.patchView);
  return (
    <select
      className={styles.select}
      aria-label={words.role}
      value={role ?? ""}
      onChange={(event) =>
        patchView({ roleFilter: roles.find((candidate) => candidate === event.currentTarget.value) })
      }
    >
      <option value="">{words.everyRole}</option>
      {roles.map((candidate) => (
        <option key={candidate} value={candidate}>
          {words.roles[candidate]}
        </option>
      ))}
    </select>
  );
}

/** Sorts by what has no column here; the columns' own titles sort too. */
function SortChoice({ keys }: { keys: readonly SortKey[] }) {
  const words = useWords(tensorWords);
  const sort = useApp((state) => state.sort);
  const patchView = useApp((state) => state.patchView);
  const options: readonly SortKey[] = ["depth", ...keys];
  const shown = options.includes(sort.key) ? options : [...options, sort.key];
  return (
    <select
      className={styles.select}
      aria-label={words.sortBy}
      value={sort.key}
      onChange={(event) => {
        const key = shown.find((candidate) => candidate === event.currentTarget.value);
        if (key) patchView({ sort: { key, descending: key !== "depth" && key !== "role" } });
      }}
    >
      {shown.map((key) => (
        <option key={key} value={key}>
          {words.sorts[key]}
        </option>
      ))}
    </select>
  );
}

/** Experts that stand beside each other in the switch; more go into a list. */
const SEGMENTS = 6;

function ExpertSwitch({ experts, chosen, onChoose }: Pick<Props, "experts" | "chosen" | "onChoose">) {
  const words = useWords(tensorWords);
  const name = useId();
  if (experts.length < 2) return null;
  if (experts.length > SEGMENTS) {
    return (
      <select
        className={styles.select}
        aria-label={words.experts}
        value={chosen ?? ""}
        onChange={(event) => onChoose(event.currentTarget.value || undefined)}
      >
        <option value="">{words.allExperts}</option>
        {experts.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <div role="radiogroup" aria-label={words.experts} className={styles.switch}>
      <label className={styles.segment}>
        <input
          type="radio"
          name={name}
          className="visually-hidden"
          checked={chosen === undefined}
          onChange={() => onChoose(undefined)}
        />
        {words.allExperts}
      </label>
      {experts.map(({ id, label, task }) => (
        <label key={id} className={styles.segment} title={label}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            aria-label={label}
            checked={chosen === id}
            onChange={() => onChoose(id)}
          />
          <TaskMark index={task} size={11} />
          <span className={styles.expertName}>{label}</span>
        </label>
      ))}
    </div>
  );
}
