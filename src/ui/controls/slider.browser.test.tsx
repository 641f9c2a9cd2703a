import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { store } from "#app/store.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { Slider } from "./Slider.tsx";

beforeEach(() => {
  openFixture();
});

function Harness({ onValue }: { readonly onValue?: (value: number) => void }) {
  const [value, setValue] = useState(0.4);
  return (
    <div style={{ inlineSize: 400 }}>
      <Slider
        label="λ"
        min={0}
        max={2}
        step={0.05}
        initial={0.3}
        value={value}
        marks={[{ kind: "best", value: 1.2, label: "Best: λ 1.20" }]}
        onChange={(next) => {
          setValue(next);
          onValue?.(next);
        }}
      />
    </div>
  );
}

/** A pointer event at a share of the element's width. */
function fire(element: Element, type: string, share: number, init: PointerEventInit = {}) {
  const box = element.getBoundingClientRect();
  const clientX = box.left + 7 + share * (box.width - 14);
  element.dispatchEvent(
    new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      pointerId: 1,
      clientX,
      clientY: box.top + 5,
      ...init,
    }),
  );
}

async function open() {
  const screen = await render(<Harness />);
  const range = screen.getByRole("slider", { name: "λ" });
  const element = range.element();
  // A made-up pointer cannot be captured.
  element.setPointerCapture = () => undefined;
  return { screen, range, element, box: screen.getByRole("textbox", { name: "λ" }) };
}

test("moves by keys: one step, a tenth with Shift, ten with Alt, and to the ends", async () => {
  const { range, box } = await open();
  range.element().focus();
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(box).toHaveValue("0.45");
  await userEvent.keyboard("{Shift>}{ArrowRight}{/Shift}");
  await expect.element(box).toHaveValue("0.455");
  await userEvent.keyboard("{Alt>}{ArrowRight}{/Alt}");
  await expect.element(box).toHaveValue("1.00");
  await userEvent.keyboard("{End}");
  await expect.element(box).toHaveValue("2.00");
  await userEvent.keyboard("{Home}");
  await expect.element(box).toHaveValue("0.00");
});

test("goes where it is pressed, then follows the pointer, finely with Shift", async () => {
  const { element, box } = await open();
  fire(element, "pointerdown", 0.75);
  await expect.element(box).toHaveValue("1.50");
  expect(store.getState().isDragging).toBe(true);
  fire(element, "pointermove", 0.8);
  await expect.element(box).toHaveValue("1.60");
  fire(element, "pointermove", 0.8, { shiftKey: true });
  fire(element, "pointermove", 0.9, { shiftKey: true });
  await expect.element(box).toHaveValue("1.620");
  fire(element, "pointerup", 0.9);
  expect(store.getState().isDragging).toBe(false);
});

test("takes a typed number on Enter, keeps it in range, and gives up on Escape or nonsense", async () => {
  const { box } = await open();
  await userEvent.fill(box, "0,37");
  await userEvent.keyboard("{Enter}");
  await expect.element(box).toHaveValue("0.370");
  await userEvent.fill(box, "17");
  await userEvent.keyboard("{Enter}");
  await expect.element(box).toHaveValue("2.00");
  await userEvent.fill(box, "1");
  await userEvent.keyboard("{Escape}");
  await expect.element(box).toHaveValue("2.00");
  await userEvent.fill(box, "abc");
  await userEvent.keyboard("{Enter}");
  await expect.element(box).toHaveValue("2.00");
});

test("goes back to its default on a double-click and to a ghost mark on a click", async () => {
  const { screen, element, box } = await open();
  element.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
  await expect.element(box).toHaveValue("0.30");
  await userEvent.click(screen.getByRole("button", { name: "Best: λ 1.20" }));
  await expect.element(box).toHaveValue("1.20");
});
