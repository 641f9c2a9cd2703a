import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumFlags, findChromium } from "./scripts/chromium.mjs";
import { formulas } from "./scripts/formulas.mjs";
import { devHeaders, previewHeaders } from "./scripts/headers.mjs";
import { kernels } from "./scripts/kernels.mjs";

// onnxruntime-web's wasm and its loader are addressed by URL, so its "extern wasm" build is the right one.
const conditions = ["onnxruntime-web-use-extern-wasm", "module", "browser", "development|production"];

const executablePath = findChromium();
const browser = () =>
  playwright({ launchOptions: { ...(executablePath ? { executablePath } : {}), args: chromiumFlags } });

/** Milliseconds: tests are no race, and a busy machine opens a graph of gradients in seconds. */
const PATIENCE = 30_000;

export default defineConfig({
  base: "./",
  plugins: [react(), formulas(), kernels()],
  resolve: { conditions },
  optimizeDeps: {
    exclude: ["onnxruntime-web"],
    // Found late (in workers, lazy parts and tests), they would make the dev server reload the page.
    include: [
      "react",
      "react-dom/client",
      "recharts",
      "zustand",
      "zustand/vanilla",
      "zustand/middleware",
      "zundo",
      "lucide-react",
      "react-resizable-panels",
      "@tanstack/react-virtual",
      "comlink",
      "zod",
      "onnx-buf",
      "@bufbuild/protobuf",
      "@bufbuild/protobuf/wire",
      "@noble/hashes/sha2.js",
      "@noble/hashes/utils.js",
    ],
  },
  worker: { format: "es", plugins: () => [kernels()] },
  server: { headers: devHeaders, port: 5173 },
  preview: { headers: previewHeaders, port: 4173 },
  build: { target: "es2023", chunkSizeWarningLimit: 900, assetsInlineLimit: 0 },
  css: { modules: { localsConvention: "camelCaseOnly" } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          testTimeout: PATIENCE,
          environment: "node",
          include: [
            "src/**/*.test.ts",
            "workers/**/*.test.ts",
            "cli/**/*.test.ts",
            "zoo/{data,train}/*.test.ts",
          ],
          exclude: ["**/*.browser.test.{ts,tsx}", "**/node_modules/**"],
          setupFiles: [fileURLToPath(new URL("./src/core/testing/setup.ts", import.meta.url))],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          testTimeout: PATIENCE,
          include: ["src/**/*.browser.test.{ts,tsx}", "workers/**/*.browser.test.ts"],
          setupFiles: [fileURLToPath(new URL("./src/core/testing/setup.ts", import.meta.url))],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: browser(),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
