import { X } from "lucide-react";
import { useMemo, useState } from "react";
import { commands } from "#app/commands.ts";
import { expertCard } from "#app/selectors.ts";
import { useApp } from "#app/store.ts";
import type { Proportion } from "#core/eval/report.ts";
import { addExpert, setExpertEnabled, setExpertStep, setExpertWeight } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { IconButton, join } from "../controls/Button.tsx";
import { NumberEntry } from "../controls/NumberEntry.tsx";
import { Switch } from "../controls/Switch.tsx";
import { expertIndex, TaskMark } from "../controls/TaskMark.tsx";
import { MergedNote } from "../exchange/MergedNote.tsx";
import { useFormats } from "../format.ts";
import { areStepProbesStale } from "../probe-keys.ts";
import { nearestStep } from "../step-scale.ts";
import { useWords } from "../words.ts";
import { Accuracy, ExpertNotes, OnlyHere } from "./ExpertParts.tsx";
import styles from "./expert-card.module.css";
import { libraryWords } from "./library-words.ts";
import { RepairNote } from "./RepairNote.tsx";
import { StopScrubber } from "./StopScrubber.tsx";

const nothing: Readonly<Record<number, Proportion>> = {};

/** An expert: its accuracy over training with the handle that stops it, whether it takes part, its weight. */
export function ExpertCard({ id }: { readonly id: string }) {
  const text = useWords(libraryWords);
  const format = useFormats();
  const card = useApp((state) => expertCard(state, id));
  const use = useApp((state) => state.recipe?.experts.find((expert) => expert.id === id));
  const pinned = useApp((state) => state.pinned?.recipe.experts.find((expert) => expert.id === id));
  const index = useApp((state) => expertIndex(state, id));
  const chance = useApp((state) => state.library?.tasks.find((task) => task.id === card?.task)?.chance ?? 0);
  const own = useApp((state) => state.trajectories[id]?.own ?? nothing);
  const merged = useMergedBySteps(card?.task);
  const isStale = useApp(areStepProbesStale);
  const edit = useApp((state) => state.edit);
  const [hovered, setHovered] = useState<number>();
  const steps = useMemo(() => card?.checkpoints.map((checkpoint) => checkpoint.step) ?? [], [card]);
  const last = steps.at(-1);
  if (!card || last === undefined) return null;

  const name = card.label;
  const step = use?.step ?? last;
  const shown = hovered ?? step;
  const pinnedStep = pinned ? (pinned.step ?? last) : undefined;
  // An expert that came back is in no recipe yet: whatever is set first takes it in.
  const set = (change: (recipe: Recipe) => Recipe) => edit((recipe) => change(withExpert(recipe, id)));
  const setStep = (next: number) =>
    set((recipe) => setExpertStep(recipe, id, next === last ? undefined : next));

  return (
    <li className={join(styles.card, !use?.enabled && styles.off)}>
      <header className={styles.head}>
        <TaskMark index={index} hollow={!use?.enabled} />
        <h3 className={styles.name}>{name}</h3>
        {card.source !== "zoo" ? (
          <IconButton
            label={text.remove(name)}
            icon={<X size={14} aria-hidden />}
            onClick={() => commands().forgetExpert(id)}
          />
        ) : null}
        <Switch
          bare
          label={text.takesPart(name)}
          checked={use?.enabled ?? false}
          onChange={(enabled) => set((recipe) => setExpertEnabled(recipe, id, enabled))}
        />
      </header>

      {steps.length < 2 ? null : (
        <StopScrubber
          name={name}
          index={index}
          steps={steps}
          step={step}
          pinnedStep={pinnedStep}
          own={own}
          merged={merged}
          isStale={isStale}
          chance={chance}
          onStep={setStep}
          onHover={setHovered}
        />
      )}
      <Accuracy
        task={card.task}
        index={index}
        own={own[shown]}
        merged={merged[shown]}
        isStale={isStale}
        step={shown}
        isPreview={shown !== step}
      />

      <div className={styles.numbers}>
        {steps.length < 2 ? (
          <span className="muted">{text.oneCheckpoint}</span>
        ) : (
          <span className={styles.pair}>
            {text.step}
            <NumberEntry
              label={text.stepOf(name)}
              min={steps[0] ?? 0}
              max={last}
              step={1}
              value={step}
              onChange={(typed) => setStep(nearestStep(typed, steps) ?? last)}
            />
            <span className="muted">{text.of(format.count(last))}</span>
          </span>
        )}
        <span className={styles.pair}>
          {text.weight}
          <NumberEntry
            label={text.weightOf(name)}
            min={-2}
            max={2}
            step={0.05}
            value={use?.weight ?? 1}
            onChange={(weight) => set((recipe) => setExpertWeight(recipe, id, weight))}
          />
        </span>
      </div>
      <MergedNote card={card} step={step} />
      <RepairNote card={card} step={step} />
      <OnlyHere card={card} />
      <ExpertNotes card={card} />
    </li>
  );
}

/** The recipe with the expert in it, switched off unless it was there. */
function withExpert(recipe: Recipe, id: string): Recipe {
  const isIn = recipe.experts.some((expert) => expert.id === id);
  return isIn ? recipe : setExpertEnabled(addExpert(recipe, id), id, false);
}

/** Accuracy of a task in the merge with all experts at each step. */
function useMergedBySteps(task: string | undefined): Readonly<Record<number, Proportion>> {
  const points = useApp((state) => state.stepProbes.points);
  return useMemo(() => {
    const known: Record<number, Proportion> = {};
    for (const { step, tasks } of points) {
      const proportion = task === undefined ? undefined : tasks[task];
      if (proportion) known[step] = proportion;
    }
    return known;
  }, [points, task]);
}
