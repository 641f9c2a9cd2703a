import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { useApp } from "#app/store.ts";
import { goTo } from "./actions.ts";
import styles from "./app.module.css";
import { appWords } from "./app-words.ts";
import { Toasts } from "./controls/Notices.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { useLayoutMode } from "./layout.ts";
import { CommandPalette } from "./panels/CommandPalette.tsx";
import { DropOverlay } from "./panels/DropOverlay.tsx";
import { FileInputs } from "./panels/FileInputs.tsx";
import { KeysDialog } from "./panels/KeysDialog.tsx";
import { MediumPanes, NarrowPanes, WidePanes } from "./panels/Panes.tsx";
import { SaveDialog } from "./panels/SaveDialog.tsx";
import { StatusBar } from "./panels/StatusBar.tsx";
import { TopBar } from "./panels/TopBar.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import { useWords } from "./words.ts";

/** Milliseconds before a tooltip shows. */
const TIP_DELAY = 350;

const panes = { wide: WidePanes, medium: MediumPanes, narrow: NarrowPanes } as const;

/** The whole page. */
export function App() {
  useShortcuts();
  const text = useWords(appWords);
  const mode = useLayoutMode();
  const dialog = useApp((state) => state.dialog);
  const Panes = panes[mode];

  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={TIP_DELAY}>
        <ErrorBoundary>
          <div className={styles.app} data-layout={mode}>
            <button type="button" className={styles.skip} onClick={() => goTo("recipe")}>
              {text.skip}
            </button>
            <TopBar />
            <Panes />
            <StatusBar />
          </div>
          <FileInputs />
          <DropOverlay />
          <Toasts />
          {dialog === "save" ? <SaveDialog /> : null}
          {dialog === "keys" ? <KeysDialog /> : null}
          {dialog === "palette" ? <CommandPalette /> : null}
        </ErrorBoundary>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
