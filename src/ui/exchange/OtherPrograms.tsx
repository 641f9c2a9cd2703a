import { Download, FileText, Scale } from "lucide-react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { saveFile } from "../charts/save-file.ts";
import { Button } from "../controls/Button.tsx";
import saveStyles from "../panels/save-dialog.module.css";
import { useWords } from "../words.ts";
import styles from "./exchange.module.css";
import { exchangeWords } from "./exchange-words.ts";
import { Findings } from "./Findings.tsx";

/** The recipe for those who go on elsewhere: mergekit's configuration, a model card, what other programs would compute. */
export function OtherPrograms() {
  const text = useWords(exchangeWords).tools;
  const isMerged = useApp((state) => state.summary?.recipeKey === state.recipeKey);
  const patchView = useApp((state) => state.patchView);
  return (
    <section className={saveStyles.part}>
      <h3>{text.title}</h3>
      <p className="muted">{text.note}</p>
      <div className={saveStyles.actions}>
        <Button
          icon={<FileText size={14} aria-hidden />}
          disabled={!isMerged}
          onClick={() => commands().exchange((exchange) => exchange.writeConfiguration())}
        >
          {text.write}
        </Button>
        <Button
          icon={<Download size={14} aria-hidden />}
          onClick={() => commands().exchange((exchange) => exchange.saveModelCard())}
        >
          {text.card}
        </Button>
        <Button
          look="quiet"
          icon={<Scale size={14} aria-hidden />}
          onClick={() => patchView({ dialog: "semantics" })}
        >
          {text.lens}
        </Button>
      </div>
      <p className="muted">{isMerged ? text.cardNote : text.waiting}</p>
      <Configuration />
    </section>
  );
}

/** The configuration of the recipe on screen, once it was asked for. */
function Configuration() {
  const text = useWords(exchangeWords).tools;
  const configuration = useApp((state) => state.configuration);
  const isCurrent = useApp(
    ({ configuration: written, recipeKey, hideNames }) =>
      written?.recipeKey === recipeKey && written.hidesNames === hideNames,
  );
  if (!configuration || !isCurrent) return null;
  const { yaml, findings, command, densities } = configuration;
  return (
    <div className={styles.configuration} aria-live="polite">
      {yaml === undefined ? (
        <p>{text.none}</p>
      ) : (
        <>
          <textarea
            className={styles.yaml}
            aria-label={text.yaml}
            value={yaml}
            rows={12}
            readOnly
            spellCheck={false}
          />
          <div className={saveStyles.actions}>
            <Button
              icon={<Download size={14} aria-hidden />}
              onClick={() => saveFile("recipe.yaml", new Blob([yaml], { type: "application/yaml" }))}
            >
              {text.save}
            </Button>
            <span>
              {text.command} <code>{command}</code>
            </span>
          </div>
          <p className="muted">
            {text.densities(densities)} {text.scale}
          </p>
        </>
      )}
      <Findings findings={findings} />
    </div>
  );
}
