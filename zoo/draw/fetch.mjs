/** Downloads the Debian font packages that fonts.mjs names and unpacks them into `.data/debfonts/` (Debian only). */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { debian } from "./fonts.mjs";

const folder = (name) => fileURLToPath(new URL(`../.data/${name}/`, import.meta.url));
const packages = [...new Set(Object.values(debian).flatMap((list) => list.map(([id]) => id)))];

mkdirSync(folder("deb"), { recursive: true });
execFileSync("apt-get", ["download", ...packages], { cwd: folder("deb"), stdio: "inherit" });
for (const file of readdirSync(folder("deb"))) {
  const id = file.split("_")[0];
  if (packages.includes(id)) execFileSync("dpkg-deb", ["-x", folder("deb") + file, folder("debfonts") + id]);
}
