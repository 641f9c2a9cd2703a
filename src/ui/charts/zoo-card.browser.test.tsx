import "../theme.css";
import { expect, it } from "vitest";
import { render } from "vitest-browser-react";
import type { ShownZooCard } from "#app/zoo-card.ts";
import { ZooCardBody } from "./ZooCard.tsx";

const card: ShownZooCard = {
  name: "Vision zoo",
  parameters: 204_288,
  trainedBy: "PyTorch script zoo/train.py",
  sources: [{ name: "Some pictures", licence: "MIT", url: "https://example.org/" }],
  measured: {
    steps: [20, 320, 2560],
    base: 0.72,
    expert: [0.889, 0.942, 0.955],
    average: [0.817, 0.852, 0.846],
    taskArithmeticBest: [0.835, 0.874, 0.846],
    taskArithmeticLambda: [0.7, 0.4, 0.25],
  },
  seeds: [{ seed: 1, shipped: true, peakStep: 320, fall: 0.028, ci95: [0.02, 0.036] }],
};

it("shows what was measured per step, the best merge marked", async () => {
  const screen = await render(<ZooCardBody card={card} />);
  const best = screen.getByRole("row", { name: /^320/ }).element();
  expect(best.textContent).toMatch(/94\.2.%85\.2.%87\.4.%0\.40/);
  expect(best.getAttribute("data-top")).toBe("true");
});

it("tells each seed's fall with its interval, and claims it only when every interval leaves zero out", async () => {
  const screen = await render(<ZooCardBody card={card} />);
  await expect.element(screen.getByText("−2.8 points (95 % interval −3.6 to −2.0)")).toBeVisible();
  await expect
    .element(screen.getByText("Training longer makes better experts and worse merges"))
    .toBeVisible();
  const [seed] = card.seeds;
  await screen.rerender(<ZooCardBody card={{ ...card, seeds: [{ ...seed, ci95: [-0.01, 0.06] }] }} />);
  expect(screen.container.textContent).not.toContain("worse merges");
});

it("names the sources with their licences", async () => {
  const screen = await render(<ZooCardBody card={card} />);
  await expect
    .element(screen.getByRole("link", { name: "Some pictures" }))
    .toHaveAttribute("href", "https://example.org/");
  expect(screen.container.textContent).toContain("Some pictures: MIT");
});
