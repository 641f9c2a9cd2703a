import "../theme.css";
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { fixtureLibrary } from "../testing/fixture.ts";
import { fixtureReport } from "../testing/fixture-report.ts";
import { Dumbbells } from "./Dumbbells.tsx";
import { dumbbellLayout, placeOf } from "./dumbbell-layout.ts";
import { dumbbellRows } from "./dumbbell-rows.ts";

const WIDTH = 428;
const report = fixtureReport();
const layout = dumbbellLayout(WIDTH, 5);

async function show(rows = dumbbellRows(report), isHollow = false) {
  store.getState().setLibrary(fixtureLibrary(), "ready");
  const screen = await render(<Dumbbells rows={rows} isHollow={isHollow} width={WIDTH} />);
  const marks = (kind: string) => [...screen.container.querySelectorAll<SVGElement>(`[data-mark="${kind}"]`)];
  return { screen, marks };
}

/** Middle of a mark in the drawing's own pixels. */
function middle(mark: SVGElement): number {
  const drawing = mark.ownerSVGElement?.getBoundingClientRect();
  const box = mark.getBoundingClientRect();
  return box.x + box.width / 2 - (drawing?.x ?? 0);
}

it("puts every mark where its accuracy is on the axis", async () => {
  const { marks } = await show();
  for (const [i, task] of report.tasks.entries()) {
    const { references, merged } = task;
    const at = (counts?: { k: number; n: number }) => placeOf(layout, (counts?.k ?? 0) / (counts?.n ?? 1));
    expect(middle(marks("merged")[i])).toBeCloseTo(at(merged), 0);
    expect(middle(marks("base")[i])).toBeCloseTo(at(references?.base), 0);
    expect(middle(marks("average")[i])).toBeCloseTo(at(references?.average), 0);
    expect(middle(marks("expert")[i])).toBeCloseTo(at(references?.expert), 0);
  }
});

it("is hollow and tilded while numbers are tentative, filled once they are settled", async () => {
  const { screen, marks } = await show(dumbbellRows(report), true);
  const [first] = marks("merged");
  const surface = getComputedStyle(document.documentElement).getPropertyValue("--surface");
  expect(surface).not.toBe("");
  expect(first.getAttribute("fill")).toBe("var(--surface)");
  expect(screen.container.textContent).toContain("~93.2");
  await screen.rerender(<Dumbbells rows={dumbbellRows(report)} isHollow={false} width={WIDTH} />);
  expect(marks("merged")[0].getAttribute("fill")).toBe("var(--task-0)");
  expect(screen.container.textContent).not.toContain("~");
});

it("keeps its size while numbers move", async () => {
  const { screen } = await show();
  const size = () => screen.container.getBoundingClientRect().height;
  const before = size();
  const next = dumbbellRows(fixtureReport({ shift: -0.2, subset: "quick" }), report);
  await screen.rerender(<Dumbbells rows={next} isHollow width={WIDTH} />);
  expect(size()).toBe(before);
});

it("draws ghosts of the pinned recipe, with an arrow only where there is room for one", async () => {
  const { marks } = await show(dumbbellRows(report, fixtureReport({ shift: -0.1 })));
  expect(marks("pinned")).toHaveLength(6); // five rows and the key
  expect(marks("arrow")).toHaveLength(5);
  const { marks: close } = await show(dumbbellRows(report, fixtureReport({ shift: -0.005 })));
  expect(close("arrow")).toHaveLength(0);
});

it("reads a row's numbers by keyboard", async () => {
  const { screen } = await show();
  await expect.element(screen.getByRole("radio", { name: /^mean/ })).toBeChecked();
  await userEvent.tab();
  await userEvent.keyboard("{ArrowUp}");
  await expect
    .element(
      screen.getByRole("radio", { name: /^hiragana: merged 90.5.%, 95 % interval .*, keeps 91.0.% of what/ }),
    )
    .toBeChecked();
  await expect.element(screen.getByText(/n.=.1,000, of which the expert gets 979 right/)).toBeVisible();
});
