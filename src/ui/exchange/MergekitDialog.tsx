import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { Button } from "../controls/Button.tsx";
import { Modal } from "../controls/Modal.tsx";
import { useWords } from "../words.ts";
import styles from "./exchange.module.css";
import { exchangeWords } from "./exchange-words.ts";
import { Findings } from "./Findings.tsx";

/** A mergekit configuration that was dropped or pasted: what becomes of it, line by line, before it is used. */
export function MergekitDialog() {
  const text = useWords(exchangeWords).opened;
  const opened = useApp((state) => state.openedConfig);
  const patchView = useApp((state) => state.patchView);
  const close = () => patchView({ dialog: undefined });
  if (!opened) return null;
  const { name, recipe, findings, lines } = opened;
  return (
    <Modal
      open
      onClose={close}
      title={text.title(name)}
      description={recipe ? text.fits(recipe.experts.length, recipe.rules.length) : text.fails}
    >
      <Findings findings={findings} lines={lines} />
      <div className={styles.actions}>
        <Button
          look="primary"
          disabled={!recipe}
          onClick={() => commands().exchange((exchange) => exchange.applyConfiguration())}
        >
          {text.apply}
        </Button>
        <Button look="quiet" onClick={close}>
          {text.cancel}
        </Button>
      </div>
    </Modal>
  );
}
