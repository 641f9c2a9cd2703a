import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { lazy, Suspense } from "react";
import { useApp } from "#app/store.ts";
import { goTo } from "./actions.ts";
import styles from "./app.module.css";
import { appWords } from "./app-words.ts";
import { Toasts } from "./controls/Notices.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { useLayoutMode } from "./layout.ts";
import { DropOverlay } from "./panels/DropOverlay.tsx";
import { FileInputs } from "./panels/FileInputs.tsx";
import { MediumPanes, NarrowPanes, WidePanes } from "./panels/Panes.tsx";
import { StatusBar } from "./panels/StatusBar.tsx";
import { TopBar } from "./panels/TopBar.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import { useWords } from "./words.ts";

/** Milliseconds before a tooltip shows. */
const TIP_DELAY = 350;

// Dialogs are not part of the first load.
const dialogs = {
  save: lazy(async () => ({ default: (await import("./panels/SaveDialog.tsx")).SaveDialog })),
  keys: lazy(async () => ({ default: (await import("./panels/KeysDialog.tsx")).KeysDialog })),
  mergekit: lazy(async () => ({
    default: (await import("./exchange/MergekitDialog.tsx")).MergekitDialog,
  })),
  ancestry: lazy(async () => ({
    default: (await import("./exchange/AncestryDialog.tsx")).AncestryDialog,
  })),
  semantics: lazy(async () => ({
    default: (await import("./exchange/SemanticsDialog.tsx")).SemanticsDialog,
  })),
  storage: lazy(async () => ({ default: (await import("./storage/StorageDialog.tsx")).StorageDialog })),
  task: lazy(async () => ({ default: (await import("./panels/TaskDialog.tsx")).TaskDialog })),
  palette: lazy(async () => ({ default: (await import("./panels/CommandPalette.tsx")).CommandPalette })),
} as const;

const panes = { wide: WidePanes, medium: MediumPanes, narrow: NarrowPanes } as const;

/** The whole page. */
export function App() {
  useShortcuts();
  const text = useWords(appWords);
  const mode = useLayoutMode();
  const dialog = useApp((state) => state.dialog);
  const Panes = panes[mode];
  const Dialog = dialog === undefined || dialog === "about" ? undefined : dialogs[dialog];

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
          <Suspense>{Dialog ? <Dialog /> : null}</Suspense>
        </ErrorBoundary>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
