import { Tabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import type { NarrowTab } from "#app/slices/view.ts";
import { useApp } from "#app/store.ts";
import { paneId } from "../actions.ts";
import { appWords } from "../app-words.ts";
import { Notices } from "../controls/Notices.tsx";
import { ErrorBoundary } from "../ErrorBoundary.tsx";
import { paneStorage } from "../layout.ts";
import { useWords } from "../words.ts";
import { LibraryPanel } from "./LibraryPanel.tsx";
import styles from "./panes.module.css";
import { RecipePanel } from "./RecipePanel.tsx";
import { ResultsPanel } from "./ResultsPanel.tsx";
import { VerdictLine } from "./VerdictLine.tsx";
import { WorkTabs } from "./WorkTabs.tsx";

const columns = ["library", "work", "results"];
const rows = ["recipe", "tensors"];

/** ≥ 1100 px: library, recipe above tensors, results; every border can be moved. */
export function WidePanes() {
  const text = useWords(appWords);
  const remembered = useDefaultLayout({ id: "kintsugi.columns", panelIds: columns, storage: paneStorage });
  return (
    <main className={styles.wide}>
      <Group {...remembered} orientation="horizontal" className={styles.group}>
        <Panel id="library" defaultSize="20%" minSize="232px" groupResizeBehavior="preserve-pixel-size">
          <Pane tab="library" label={text.library}>
            <Notices />
            <LibraryPanel />
          </Pane>
        </Panel>
        <Separator className={styles.bar} aria-label={text.resize(text.library, text.recipe)} />
        <Panel id="work" minSize="380px">
          <WorkPanes />
        </Panel>
        <Separator className={styles.bar} aria-label={text.resize(text.recipe, text.results)} />
        <Panel id="results" defaultSize="31%" minSize="320px" groupResizeBehavior="preserve-pixel-size">
          <Pane tab="results" label={text.results}>
            <h2 className="visually-hidden">{text.results}</h2>
            <VerdictLine />
            <ResultsPanel />
          </Pane>
        </Panel>
      </Group>
    </main>
  );
}

function WorkPanes() {
  const text = useWords(appWords);
  const remembered = useDefaultLayout({ id: "kintsugi.rows", panelIds: rows, storage: paneStorage });
  return (
    <Group {...remembered} orientation="vertical" className={styles.group}>
      <Panel id="recipe" defaultSize="46%" minSize="140px">
        <Pane tab="recipe" label={text.recipe}>
          <RecipePanel />
        </Pane>
      </Panel>
      <Separator className={styles.bar} aria-label={text.resize(text.recipe, text.tensors)} />
      <Panel id="tensors" minSize="180px">
        <WorkTabs />
      </Panel>
    </Group>
  );
}

/** 700–1100 px: the library beside one column that scrolls. */
export function MediumPanes() {
  const text = useWords(appWords);
  return (
    <main className={styles.medium}>
      <Pane tab="library" label={text.library}>
        <Notices />
        <LibraryPanel />
      </Pane>
      <div className={styles.column}>
        <Pane tab="recipe" label={text.recipe}>
          <RecipePanel />
        </Pane>
        <Pane tab="results" label={text.results}>
          <h2 className="visually-hidden">{text.results}</h2>
          <VerdictLine />
          <ResultsPanel />
        </Pane>
        <div className={styles.under}>
          <WorkTabs />
        </div>
      </div>
    </main>
  );
}

/** < 700 px: one tab at a time under the verdict. */
export function NarrowPanes() {
  const text = useWords(appWords);
  const tab = useApp((state) => state.tab);
  const patchView = useApp((state) => state.patchView);
  const tabs = [
    ["library", text.library],
    ["recipe", text.recipe],
    ["results", text.results],
  ] as const;
  return (
    <main className={styles.narrow}>
      <div className={styles.verdict}>
        <VerdictLine />
        <Notices />
      </div>
      <Tabs.Root
        value={tab}
        onValueChange={(value) => {
          const next = tabs.find(([id]) => id === value);
          if (next) patchView({ tab: next[0] });
        }}
        className={styles.tabs}
      >
        <Tabs.List className={styles.tabList} aria-label={text.panes}>
          {tabs.map(([id, label]) => (
            <Tabs.Tab key={id} value={id} className={styles.tab}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="library" className={styles.tabPanel}>
          <Pane tab="library" label={text.library}>
            <LibraryPanel />
          </Pane>
        </Tabs.Panel>
        <Tabs.Panel value="recipe" className={styles.tabPanel}>
          <Pane tab="recipe" label={text.recipe}>
            <RecipePanel />
          </Pane>
          <div className={styles.under}>
            <WorkTabs />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="results" className={styles.tabPanel}>
          <Pane tab="results" label={text.results}>
            <h2 className="visually-hidden">{text.results}</h2>
            <ResultsPanel />
          </Pane>
        </Tabs.Panel>
      </Tabs.Root>
    </main>
  );
}

interface PaneProps {
  readonly tab: NarrowTab;
  readonly label: string;
  readonly children: ReactNode;
}

/** A region that scrolls; a crash inside stays inside. */
function Pane({ tab, label, children }: PaneProps) {
  return (
    <section id={paneId(tab)} tabIndex={-1} aria-label={label} className={styles.pane} data-pane={tab}>
      <ErrorBoundary>{children}</ErrorBoundary>
    </section>
  );
}
