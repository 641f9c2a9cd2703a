import { defineConfig } from "@playwright/test";
import { chromiumFlags, findChromium } from "../scripts/chromium.mjs";

const executablePath = findChromium();
const port = 4175;

/** A person's paths through the built app, served with the strict policy. One worker: the app itself uses both cores. */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  timeout: 180_000,
  expect: { timeout: 45_000 },
  workers: 1,
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 45_000,
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: chromiumFlags },
    trace: "on-first-retry",
  },
  webServer: {
    command: `node ../node_modules/vite/bin/vite.js preview .. --port ${port} --strictPort`,
    url: `http://localhost:${port}`,
    reuseExistingServer: false,
  },
});
