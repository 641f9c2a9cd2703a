/**
 * Checks that package-lock.json serves every platform: npm silently leaves out platform binaries that a registry
 * mirror lacked when the lock was made. Also checks that no entry names a registry.
 */
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const problems = [];

for (const [path, entry] of Object.entries(packages)) {
  if (entry.resolved && path !== "")
    problems.push(`${path}: has a resolved address; keep it out of the lockfile`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    const isThere = Object.keys(packages).some((other) => other.endsWith(`node_modules/${name}`));
    if (!isThere)
      problems.push(
        `${path || "root"}: optional ${name} is missing; pin a version whose binaries are complete`,
      );
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log("lockfile: every platform package is there");
