import { expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { render } from "vitest-browser-react";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { openFixture } from "./testing/open-fixture.ts";

test("says what happened in the part that crashed, hands out the recipe, and can try again", async () => {
  openFixture();
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const copied = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  let isBroken = true;
  function Part() {
    if (isBroken) throw new Error("no rows");
    return <p>whole again</p>;
  }
  const screen = await render(
    <ErrorBoundary>
      <Part />
    </ErrorBoundary>,
  );
  await expect.element(screen.getByRole("alert")).toHaveTextContent("no rows");
  await userEvent.click(screen.getByRole("button", { name: "Copy recipe" }));
  expect(copied).toHaveBeenCalledWith(expect.stringContaining('"version": 1'));
  isBroken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await expect.element(screen.getByText("whole again")).toBeVisible();
  silent.mockRestore();
});
