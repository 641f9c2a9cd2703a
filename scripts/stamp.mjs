/** Says whether sources have changed since something was built of them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** SHA-256 of names and contents below the paths; folders whose name starts with a dot are passed over. */
export function stampOf(root, paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!name.startsWith(".")) add(join(path, name));
    } else {
      hash.update(path.slice(root.length)).update("\0").update(readFileSync(path));
    }
  };
  for (const path of paths) add(join(root, path));
  return hash.digest("hex");
}
