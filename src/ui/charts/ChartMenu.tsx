import { Ellipsis } from "lucide-react";
import type { RefObject } from "react";
import { useApp } from "#app/store.ts";
import { IconButton } from "../controls/Button.tsx";
import { type MenuAction, MenuButton } from "../controls/MenuButton.tsx";
import { useWords } from "../words.ts";
import { type ChartTable, csvOf, type Provenance } from "./csv.ts";
import { frameWords } from "./frame-words.ts";
import { saveFile } from "./save-file.ts";
import { pngOf, standaloneSvg } from "./standalone-svg.ts";

/** Digits of a recipe's key in file names and captions; enough to tell one's own recipes apart. */
const SHORT_KEY = 8;

interface ChartMenuProps {
  readonly title: string;
  readonly unit: string;
  /** Start of the file's name. */
  readonly id: string;
  readonly body: RefObject<HTMLElement | null>;
  readonly table: () => ChartTable;
  readonly origin: Provenance;
  readonly isTable: boolean;
  onToggleTable(): void;
}

/** What a chart offers: its table, and itself as a file. */
export function ChartMenu({ title, unit, id, body, table, origin, isTable, onToggleTable }: ChartMenuProps) {
  const words = useWords(frameWords);
  const notify = useApp((state) => state.notify);
  const key = origin.recipeKey.slice(0, SHORT_KEY);
  const fileName = (ending: string) => `kintsugi-${id}${key ? `-${key}` : ""}.${ending}`;

  const drawing = () => {
    // A library's legend icons are SVG too: the chart is the one that says so, or the library's own surface.
    const svg = body.current?.querySelector<SVGSVGElement>(
      "svg[data-chart], .recharts-wrapper > svg.recharts-surface",
    );
    const date = new Date().toISOString().slice(0, 16).replace("T", " ");
    return (
      svg && standaloneSvg(svg, { title, unit, origin: [words.origin(key, `${date} UTC`), origin.sample] })
    );
  };
  const saveSvg = () => {
    const made = drawing();
    if (made) saveFile(fileName("svg"), new Blob([made.text], { type: "image/svg+xml" }));
  };
  const savePng = async () => {
    const made = drawing();
    if (!made) return;
    try {
      saveFile(fileName("png"), await pngOf(made));
    } catch {
      notify({ kind: "error", code: "chart/not-drawn", message: words.notSaved, subject: title });
    }
  };
  const saveCsv = () =>
    saveFile(
      fileName("csv"),
      new Blob([csvOf(table(), origin, new Date())], { type: "text/csv;charset=utf-8" }),
    );

  const view: readonly MenuAction[] = [
    { id: "view", label: isTable ? words.showChart : words.showTable, run: onToggleTable },
  ];
  const files: readonly MenuAction[] = [
    { id: "png", label: words.savePng, run: () => void savePng() },
    { id: "svg", label: words.saveSvg, run: saveSvg },
    { id: "csv", label: words.saveCsv, run: saveCsv },
  ];
  return (
    <MenuButton
      align="end"
      trigger={<IconButton label={words.menu(title)} icon={<Ellipsis size={16} aria-hidden />} />}
      groups={[
        { id: "view", actions: view },
        { id: "files", actions: files },
      ]}
    />
  );
}
