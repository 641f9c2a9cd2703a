import { beforeEach, expect, it } from "vitest";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { openFixture } from "../testing/open-fixture.ts";
import { MergeWarnings } from "./MergeWarnings.tsx";

beforeEach(() => {
  openFixture();
});

it("tells what the merge did not do, and nothing when all went well", async () => {
  const screen = await render(<MergeWarnings />);
  expect(screen.container.textContent).toBe("");
  const { summary, patchRuns } = store.getState();
  if (!summary) throw new Error("the fixture has no summary");
  patchRuns({
    summary: {
      ...summary,
      warnings: [{ code: "rule/no-match", message: "glob nothing.* matches no tensor.", details: {} }],
    },
  });
  await expect.element(screen.getByText("A rule matches nothing.")).toBeVisible();
  await expect.element(screen.getByText(/nothing\.\*/)).toBeVisible();
});
