import { Play } from "lucide-react";
import { useMemo, useState } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import type { ControlSpec } from "#core/params.ts";
import { workCards } from "#core/work-cards.ts";
import { translateControl } from "../cards.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Control } from "../controls/Control.tsx";
import { ParamForm } from "../panels/ParamForm.tsx";
import { useCost } from "../use-cost.ts";
import { useWords } from "../words.ts";
import { japaneseControls } from "./bench-control-words.ts";
import { shownControls } from "./bench-controls.ts";
import { benchWords } from "./bench-words.ts";
import { CostLine } from "./CostLine.tsx";
import { DataLine } from "./DataLine.tsx";
import { measures, tabOf } from "./form-tabs.ts";
import { SourceLine } from "./SourceLine.tsx";
import { ExpertField, MaskField, RoleField, TrainFields, VectorsField } from "./SubjectFields.tsx";
import { type OpenForm, useForm } from "./use-form.ts";
import styles from "./workbench.module.css";

/** The form that is open: what it makes, what it is about, its options, what it reads and takes, and its start. */
export function BenchForm() {
  const text = useWords(benchWords);
  const open = useForm();
  const { form, draft, requests, change } = open;
  const controls = useControls(open);
  const asked = useCost(requests[0]);
  return (
    <div className={styles.form}>
      <p className={styles.summary}>{text.summaries[form]}</p>
      <div className={styles.fields}>
        <Subject {...open} mode={controls.find(isMode)} />
        <ParamForm
          controls={controls.filter((spec) => !isMode(spec))}
          params={draft.params}
          onChange={(key, value) => change({ params: { ...draft.params, [key]: value } })}
        />
      </div>
      <SourceLine source={workCards[form].source} />
      {requests.length === 0 ? null : <DataLine form={form} draft={draft} />}
      <div className={styles.before}>
        {requests.length > 0 ? (
          <CostLine asked={asked} times={requests.length} />
        ) : (
          <p className={styles.cost}>{form === "train" ? text.incomplete : text.nothing}</p>
        )}
        <Start {...open} isImpossible={asked?.failure !== undefined} />
      </div>
    </div>
  );
}

/** What is trained decides what a training needs, so it stands beside that. */
function isMode({ key }: ControlSpec): boolean {
  return key === "mode";
}

function Subject({ form, draft, change, mode }: OpenForm & { readonly mode: ControlSpec | undefined }) {
  const text = useWords(benchWords);
  const openForm = useApp((state) => state.openForm);
  switch (form) {
    case "train":
      return (
        <>
          <TrainFields draft={draft} change={change} />
          {mode ? (
            <Control
              spec={mode}
              value={draft.params[mode.key]}
              onChange={(value) => change({ params: { ...draft.params, [mode.key]: value } })}
            />
          ) : null}
          {draft.params.mode === "sparse" ? <MaskField draft={draft} change={change} /> : null}
        </>
      );
    case "localise":
      return (
        <>
          <ExpertField draft={draft} change={change} />
          <RoleField draft={draft} change={change} />
        </>
      );
    case "adamerge":
      return <VectorsField draft={draft} change={change} />;
    case "fisher":
    case "gram":
    case "calibrate":
      return (
        <>
          <Choice
            label={text.measure}
            options={measures.map((value) => ({ value, label: text.measures[value] }))}
            value={form}
            onChange={(value) => openForm(measures.find((known) => known === value) ?? "fisher")}
          />
          <ExpertField draft={draft} change={change} />
        </>
      );
    default:
      return form satisfies never;
  }
}

/** The verb, and what it has set going. */
function Start({ form, requests, isImpossible }: OpenForm & { readonly isImpossible: boolean }) {
  const text = useWords(benchWords);
  const [said, setSaid] = useState("");
  const start = () => {
    for (const request of requests) commands().work((work) => work.start(request));
    const [first] = requests;
    const title = first?.kind === "train" ? first.label : text.forms[tabOf(form)];
    setSaid(requests.length > 1 ? text.andOthers(title, requests.length - 1) : text.queued(title));
  };
  return (
    <div>
      <Button
        look="primary"
        icon={<Play size={14} aria-hidden />}
        disabled={requests.length === 0 || isImpossible}
        onClick={start}
      >
        {text.start[form]}
      </Button>
      <span role="status" className="visually-hidden">
        {said}
      </span>
    </div>
  );
}

/** The options that have an effect, in the user's language. */
function useControls({ form, draft: { params } }: OpenForm) {
  const language = useApp((state) => state.language);
  return useMemo(() => {
    const shown = shownControls(form, workCards[form].controls, params);
    if (language === "en") return shown;
    return shown.map((spec) => translateControl(spec, japaneseControls[form][spec.key]));
  }, [form, params, language]);
}
