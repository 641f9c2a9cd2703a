import { beforeEach, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import "../theme.css";
import "../base.css";
import { store } from "#app/store.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { ExpertCard } from "./ExpertCard.tsx";

beforeEach(() => {
  openFixture();
});

const stepOf = (id: string) => store.getState().recipe?.experts.find((expert) => expert.id === id)?.step;

async function open() {
  const screen = await render(
    <ul style={{ inlineSize: 280 }}>
      <ExpertCard id="digits" />
    </ul>,
  );
  const slider = screen.getByRole("slider", { name: "Stop step of digits" });
  slider.element().setPointerCapture = () => undefined;
  return { screen, slider };
}

test("says the step and the accuracy alone and merged", async () => {
  const { slider } = await open();
  await expect.element(slider).toHaveAttribute("aria-valuenow", "320");
  await expect
    .element(slider)
    .toHaveAttribute(
      "aria-valuetext",
      expect.stringMatching(/^step 320 of 2,560: alone \d.*, merged \d.*%$/),
    );
});

test("steps by arrows, Home and End; the last step is written as none", async () => {
  const { slider } = await open();
  slider.element().focus();
  await userEvent.keyboard("{ArrowLeft}");
  expect(stepOf("digits")).toBe(160);
  await userEvent.keyboard("{Home}");
  expect(stepOf("digits")).toBe(20);
  await userEvent.keyboard("{End}");
  expect(stepOf("digits")).toBeUndefined();
  await expect.element(slider).toHaveAttribute("aria-valuenow", "2560");
});

test("takes the checkpoint nearest to a typed step", async () => {
  const { screen } = await open();
  const box = screen.getByRole("textbox", { name: "Stop step of digits" });
  await userEvent.fill(box, "100");
  await userEvent.keyboard("{Enter}");
  expect(stepOf("digits")).toBe(80);
});

test("follows the pointer from checkpoint to checkpoint as one edit", async () => {
  const { slider } = await open();
  const element = slider.element();
  const box = element.getBoundingClientRect();
  const fire = (type: string, share: number) =>
    element.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        pointerId: 1,
        clientX: box.left + 8 + share * (box.width - 16),
        clientY: box.top + 20,
      }),
    );
  fire("pointerdown", 0);
  await expect.poll(() => stepOf("digits")).toBe(20);
  for (const share of [0.2, 0.4, 0.6, 0.72]) {
    fire("pointermove", share);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  fire("pointerup", 0.72);
  expect(stepOf("digits")).toBe(640);
  expect(store.getState().isDragging).toBe(false);
  store.getState().undo();
  expect(stepOf("digits")).toBe(320);
});

test("leaves an expert out and takes it in again", async () => {
  const { screen } = await open();
  const part = screen.getByRole("switch", { name: "digits takes part" });
  await userEvent.click(part);
  expect(store.getState().recipe?.experts[0]?.enabled).toBe(false);
  await userEvent.click(part);
  expect(store.getState().recipe?.experts[0]?.enabled).toBe(true);
});
