import { Download, Link } from "lucide-react";
import { useState } from "react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { sparsifierCards } from "#core/catalog.ts";
import { setOutDtype } from "#core/recipe/edit.ts";
import { isPerTask, outputOf } from "../actions.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { Modal } from "../controls/Modal.tsx";
import { Switch } from "../controls/Switch.tsx";
import { AdapterPart } from "../exchange/AdapterPart.tsx";
import { exchangeWords } from "../exchange/exchange-words.ts";
import { OtherPrograms } from "../exchange/OtherPrograms.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { dialogWords } from "./dialog-words.ts";
import { FormatChoice, type SaveFormat } from "./FormatChoice.tsx";
import styles from "./save-dialog.module.css";

const dtypes = ["base", "f32", "f16", "bf16"] as const;

/** The merged model and the recipe as files. */
export function SaveDialog() {
  const text = useWords(dialogWords).save;
  const patchView = useApp((state) => state.patchView);
  const close = () => patchView({ dialog: undefined });
  return (
    <Modal open onClose={close} title={text.title} description={text.description}>
      <HideNames />
      <SaveModel onSaved={close} />
      <SaveRecipe onSaved={close} />
      <OtherPrograms />
      <AdapterPart />
    </Modal>
  );
}

interface PartProps {
  onSaved(): void;
}

function SaveModel({ onSaved }: PartProps) {
  const text = useWords(dialogWords).save;
  const [chosenFormat, setFormat] = useState<SaveFormat>("safetensors");
  const [chosenTask, setTask] = useState<string>();
  const hasTasks = useApp((state) => isPerTask(state.recipe?.method.id));
  const isRouted = useApp((state) => outputOf(state.recipe?.method.id) === "routed");
  const tasks = useApp((state) => state.library?.tasks);
  const isReady = useApp((state) => state.libraryState === "ready" && state.recipe !== undefined);
  const task = hasTasks ? (chosenTask ?? tasks?.[0]?.id) : undefined;

  const format = isRouted ? "onnx" : chosenFormat;
  const size = useSize(format);

  const save = () => {
    commands().saveModel(format, { task });
    onSaved();
  };
  return (
    <section className={styles.part}>
      <h3>{text.model}</h3>
      {isRouted ? <p>{text.routed}</p> : <FormatChoice value={format} onChange={setFormat} />}
      {hasTasks && tasks && task !== undefined ? (
        <Choice
          label={text.task}
          help={text.taskHelp}
          options={tasks.map(({ id, label }) => ({ value: id, label }))}
          value={task}
          onChange={setTask}
        />
      ) : null}
      <DtypeChoice />
      <div className={styles.actions}>
        <Button look="primary" icon={<Download size={14} aria-hidden />} disabled={!isReady} onClick={save}>
          {text.saveModel}
        </Button>
        <span className="muted">{!isReady ? text.starting : isRouted ? null : text.size(size)}</span>
      </div>
    </section>
  );
}

/** Whether names of files stay out of everything that is saved here; told what that costs. */
function HideNames() {
  const text = useWords(exchangeWords).tools;
  const isHidden = useApp((state) => state.hideNames);
  const patchExchange = useApp((state) => state.patchExchange);
  const isRandom = useApp((state) =>
    state.recipe?.sparsifiers.some(
      ({ id, enabled }) => enabled && sparsifierCards.some((card) => card.id === id && card.usesSeed),
    ),
  );
  return (
    <div className={styles.part}>
      <Switch
        label={text.hideNames}
        help={text.hideNamesHelp}
        checked={isHidden}
        onChange={(hideNames) => patchExchange({ hideNames })}
      />
      {isHidden ? <p className="muted">{isRandom ? text.hideNamesRandom : text.hideNamesNote}</p> : null}
    </div>
  );
}

function DtypeChoice() {
  const text = useWords(dialogWords).save;
  const outDtype = useApp((state) => state.recipe?.outDtype ?? "base");
  const edit = useApp((state) => state.edit);
  return (
    <Choice
      label={text.dtype}
      help={text.dtypeHelp}
      options={dtypes.map((value) => ({ value, label: text.dtypes[value] }))}
      value={outDtype}
      onChange={(value) => {
        const dtype = dtypes.find((known) => known === value);
        if (dtype) edit((recipe) => setOutDtype(recipe, dtype));
      }}
    />
  );
}

function SaveRecipe({ onSaved }: PartProps) {
  const text = useWords(dialogWords).save;
  const hidesNames = useApp((state) => state.hideNames);
  const then = (run: () => void) => () => {
    run();
    onSaved();
  };
  return (
    <section className={styles.part}>
      <h3>{text.recipe}</h3>
      <p className="muted">{text.recipeNote}</p>
      <div className={styles.actions}>
        <Button icon={<Download size={14} aria-hidden />} onClick={then(() => commands().saveRecipe())}>
          {text.saveRecipe}
        </Button>
        <Button
          look="quiet"
          icon={<Link size={14} aria-hidden />}
          disabled={hidesNames}
          onClick={then(() => commands().copyLink())}
        >
          {text.copyLink}
        </Button>
      </div>
      {hidesNames ? <p className="muted">{text.noLink}</p> : null}
    </section>
  );
}

/** Bytes of the saved weights: graphs hold float32 throughout, safetensors each tensor's own type or the chosen one. */
function useSize(format: SaveFormat): string {
  const formats = useFormats();
  const bytes = useApp(({ library, recipe }) =>
    (library?.tensors ?? []).reduce(
      (sum, { dtype, count }) =>
        sum + count * (format === "onnx" ? 4 : bytesOf(dtype, recipe?.outDtype ?? "base")),
      0,
    ),
  );
  return formats.bytes(bytes);
}

/** Bytes of an entry of the base's type that is saved as `out`: only floats are rounded. */
function bytesOf(dtype: string, out: string): number {
  const isFloat = /^b?f/i.test(dtype);
  const bits = Number(/\d+/.exec(isFloat && out !== "base" ? out : dtype)?.[0] ?? 8);
  return bits / 8;
}
