import { Command, Download, FolderOpen, Keyboard, Link, Redo2, Undo2 } from "lucide-react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { actionWords } from "../action-words.ts";
import { Button, IconButton } from "../controls/Button.tsx";
import { keyNames } from "../keys.ts";
import { useLayoutMode } from "../layout.ts";
import { pickFiles } from "../pick-files.ts";
import { useWords } from "../words.ts";
import { Mark } from "./Mark.tsx";
import { PinButton } from "./PinButton.tsx";
import { LanguageMenu, MoreMenu, ThemeMenu } from "./TopMenus.tsx";
import styles from "./top-bar.module.css";
import { topWords } from "./top-words.ts";

/** Name, history, pin, save, and what the whole page has: files, link, theme, language, keys, palette. */
export function TopBar() {
  const text = useWords(topWords);
  const isNarrow = useLayoutMode() === "narrow";
  const suite = useApp((state) => state.library?.name);
  const patchView = useApp((state) => state.patchView);

  return (
    <header className={styles.bar}>
      <h1 className={styles.name} title={text.tagline}>
        <Mark />
        <span>Kintsugi</span>
        {isNarrow || suite === undefined ? null : <span className={styles.suite}>{suite}</span>}
      </h1>
      <HistoryButtons />
      <PinButton isShort={isNarrow} />
      <span className={styles.gap} />
      {isNarrow ? null : <FileButtons />}
      <Button
        look="primary"
        icon={<Download size={14} aria-hidden />}
        onClick={() => patchView({ dialog: "save" })}
      >
        {text.save}
      </Button>
      {isNarrow ? <MoreMenu /> : <PageButtons />}
    </header>
  );
}

function HistoryButtons() {
  const text = useWords(actionWords);
  const canUndo = useApp((state) => state.canUndo);
  const canRedo = useApp((state) => state.canRedo);
  const undo = useApp((state) => state.undo);
  const redo = useApp((state) => state.redo);
  const icons = { undo: <Undo2 size={16} aria-hidden />, redo: <Redo2 size={16} aria-hidden /> };
  return (
    <span className={styles.group}>
      <IconButton
        label={text.undo}
        keys={keyNames.undo}
        icon={icons.undo}
        disabled={!canUndo}
        onClick={undo}
      />
      <IconButton
        label={text.redo}
        keys={keyNames.redo}
        icon={icons.redo}
        disabled={!canRedo}
        onClick={redo}
      />
    </span>
  );
}

function FileButtons() {
  const text = useWords(topWords);
  return (
    <span className={styles.group}>
      <IconButton
        label={text.open}
        keys={keyNames.open}
        icon={<FolderOpen size={16} aria-hidden />}
        onClick={() => pickFiles("files")}
      />
      <IconButton
        label={text.link}
        icon={<Link size={16} aria-hidden />}
        onClick={() => commands().copyLink()}
      />
    </span>
  );
}

function PageButtons() {
  const text = useWords(topWords);
  const patchView = useApp((state) => state.patchView);
  return (
    <span className={styles.group}>
      <IconButton
        label={text.palette}
        keys={keyNames.palette}
        icon={<Command size={16} aria-hidden />}
        onClick={() => patchView({ dialog: "palette" })}
      />
      <ThemeMenu />
      <LanguageMenu />
      <IconButton
        label={text.keys}
        keys={keyNames.keys}
        icon={<Keyboard size={16} aria-hidden />}
        onClick={() => patchView({ dialog: "keys" })}
      />
    </span>
  );
}
