/**
 * One training step (batch 64, SGD) in Chromium: our gradients on onnxruntime-web against jit(valueAndGrad) and the same
 * update in jax-js on WebAssembly, in turns on one page. Usage: npm run bench -- training
 */
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { createServer } from "vite";
import { chromiumFlags, findChromium } from "../scripts/chromium.mjs";
import { devHeaders } from "../scripts/headers.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const PORT = 5183;
const ROUNDS = Number(process.argv[2] ?? 15);
const NAMES = { mlp: "MLP 784-256-256-10", cnn: "CNN 16-32-64", vit: "zoo ViT" };
/** Networks on which jax-js is to be beaten. */
const TARGETS = ["cnn", "vit"];

const server = await createServer({
  root,
  configFile: `${root}vite.config.ts`,
  cacheDir: `${root}bench/.cache/vite`,
  logLevel: "error",
  server: { port: PORT, strictPort: true, hmr: false, watch: null, headers: withBlobWorkers(devHeaders) },
  optimizeDeps: { include: ["@jax-js/jax", "comlink"], entries: ["bench/training/page.html"] },
});
await server.listen();
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(`http://localhost:${PORT}/bench/training/page.html`);
  await page.waitForFunction(() => globalThis.crossOriginIsolated && globalThis.measure, null, {
    timeout: 60_000,
  });
  print(await page.evaluate((rounds) => globalThis.measure(rounds), ROUNDS));
} finally {
  await browser.close();
  await server.close();
}

/** jax-js makes its threads of a blob, which the app's policy forbids. */
function withBlobWorkers(headers) {
  const policy = headers["Content-Security-Policy"];
  return {
    ...headers,
    "Content-Security-Policy": policy.replace("worker-src 'self'", "worker-src 'self' blob:"),
  };
}

function print(networks) {
  console.log(
    `step of SGD, batch 64, in Chromium: milliseconds, median (least) of ${ROUNDS} rounds; ours is onnxruntime-web`,
  );
  for (const { id, spent, losses } of networks) {
    const by = new Map(spent);
    for (const threads of [1, 2]) {
      const [ours, jax] = [by.get(`ours ${threads}`), by.get(`jax ${threads}`)];
      const ratio = (ours.median / jax.median).toFixed(2);
      const target = TARGETS.includes(id) ? " (target < 1)" : "";
      console.log(
        `${NAMES[id].padEnd(20)} ${threads} thread${threads > 1 ? "s" : " "}   ours ${show(ours)}   jax-js ${show(jax)}   ours ÷ jax-js ${ratio}${target}`,
      );
    }
    const digits = losses.map(([, own]) => own.map((loss) => loss.toPrecision(4)).join(" "));
    const same = digits.every((one) => one === digits[0]);
    console.log(
      `  losses of the first steps ${digits[0]}: ${same ? "the same in all four" : `not the same: ${digits.slice(1).join("; ")}`}`,
    );
  }
}

function show({ median, least }) {
  return `${median.toFixed(1)} (${least.toFixed(1)})`;
}
