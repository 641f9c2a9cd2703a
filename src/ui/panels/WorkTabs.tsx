import { Tabs } from "@base-ui/react/tabs";
import { type CSSProperties, type ReactNode, Suspense } from "react";
import type { WorkTab } from "#app/slices/view.ts";
import { useApp } from "#app/store.ts";
import { ErrorBoundary } from "../ErrorBoundary.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { TensorsPanel } from "./TensorsPanel.tsx";
import { workParts } from "./work-parts.ts";
import { workTabWords } from "./work-tab-words.ts";
import styles from "./work-tabs.module.css";

const tabs: readonly WorkTab[] = ["tensors", ...workParts.keys()];

/** What lies under the recipe: its tensors, or one of the parts that are loaded when they are first wanted. */
export function WorkTabs() {
  const text = useWords(workTabWords);
  const saved = useApp((state) => state.workTab);
  const patchView = useApp((state) => state.patchView);
  const tab = tabs.find((known) => known === saved) ?? "tensors";
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) => {
        const workTab = tabs.find((known) => known === value);
        if (workTab) patchView({ workTab });
      }}
      className={styles.root}
      data-tab={tab}
    >
      <Tabs.List className={styles.list} aria-label={text.list}>
        {tabs.map((id) => (
          <Tabs.Tab key={id} value={id} className={styles.tab}>
            {text.tabs[id]}
            {id === "workbench" ? <Running /> : null}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((id) => (
        <Tabs.Panel key={id} value={id} className={styles.panel} data-part={id}>
          <ErrorBoundary>
            <Suspense>{partOf(id)}</Suspense>
          </ErrorBoundary>
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

function partOf(tab: WorkTab): ReactNode {
  const Part = workParts.get(tab) ?? TensorsPanel;
  return <Part />;
}

/** A line under the tab's name, as long as the running job is done. */
function Running() {
  const text = useWords(workTabWords);
  const format = useFormats();
  const hundredths = useApp(({ work }) => {
    const job = work.find(({ state }) => state === "running" || state === "pausing");
    return job && Math.floor((100 * (job.progress?.done ?? 0)) / Math.max(1, job.progress?.total ?? 1));
  });
  if (hundredths === undefined) return null;
  const style: CSSProperties & Record<"--done", number> = { "--done": hundredths / 100 };
  return (
    <span className={styles.running} style={style}>
      <span className="visually-hidden">, {text.running(format.percent(hundredths / 100))}</span>
    </span>
  );
}
