import "../theme.css";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { render } from "vitest-browser-react";
import { store } from "#app/store.ts";
import { fixtureLibrary } from "../testing/fixture.ts";
import { fixtureReport } from "../testing/fixture-report.ts";
import { RetentionChart } from "./RetentionChart.tsx";

const saved: { name: string; blob: Blob }[] = [];

beforeEach(() => {
  saved.length = 0;
  localStorage.clear();
  const blobs = new Map<string, Blob>();
  const create = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, "createObjectURL").mockImplementation((source) => {
    const url = create(source);
    if (source instanceof Blob) blobs.set(url, source);
    return url;
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    const blob = blobs.get(this.href);
    if (blob) saved.push({ name: this.download, blob });
  });
  store.getState().setLibrary(fixtureLibrary(), "ready");
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function show() {
  const report = fixtureReport({ key: "0123456789abcdef" });
  const screen = await render(<RetentionChart id="retention" report={report} isHollow={false} />);
  const choose = async (name: string) => {
    await screen.getByRole("button", { name: "Menu of the chart “Retention”" }).click();
    await screen.getByRole("menuitem", { name }).click();
  };
  return { screen, choose };
}

it("shows the numbers as a table and goes back", async () => {
  const { screen, choose } = await show();
  await choose("Show as table");
  const row = screen.getByRole("row", { name: /^clothes/ });
  await expect.element(row).toBeVisible();
  expect(row.element().textContent).toContain("0.716");
  await choose("Show as chart");
  expect(screen.container.querySelector("table")).toBeNull();
  expect(screen.container.querySelector("svg[data-chart]")?.getBoundingClientRect().width).toBeGreaterThan(
    100,
  );
});

it("saves a drawing that keeps its colours outside the page and says where it comes from", async () => {
  const { choose } = await show();
  await choose("Save drawing (SVG)");
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  expect(saved[0].name).toBe("kintsugi-retention-01234567.svg");
  const text = await saved[0].blob.text();
  expect(text).not.toMatch(/var\(|light-dark|class=/);
  expect(text).toContain("recipe 01234567");
  expect(text).toMatch(/20\d\d-\d\d-\d\d \d\d:\d\d UTC/);
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  expect(parsed.querySelector("parsererror")).toBeNull();
  expect(parsed.querySelector("rect")?.getAttribute("fill")).toMatch(/^(rgb|color|oklab)\(/);
});

it("saves a picture of twice its size", async () => {
  const { choose } = await show();
  await choose("Save picture (PNG)");
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  const image = await createImageBitmap(saved[0].blob);
  expect(saved[0].blob.type).toBe("image/png");
  expect(image.width).toBeGreaterThan(600);
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context?.drawImage(image, 0, 0);
  const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
  expect(new Set(data).size).toBeGreaterThan(10); // more than a blank sheet
});

it("saves the numbers with their recipe on every row", async () => {
  const { choose } = await show();
  await choose("Save numbers (CSV)");
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  const lines = (await saved[0].blob.text()).trim().split("\r\n");
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^task,n,base,/);
  expect(lines[1]).toContain(",0123456789abcdef,");
});

it("stays folded after a reload", async () => {
  const { screen } = await show();
  await screen.getByRole("button", { name: "Retention", exact: true }).click();
  expect(screen.container.querySelector("svg[data-chart]")).toBeNull();
  await screen.unmount();
  const again = await show();
  await expect
    .element(again.screen.getByRole("button", { name: "Retention", exact: true }))
    .toHaveAttribute("aria-expanded", "false");
});
